"""One record struct per TR, its fields in wire order under KIS' element names."""
