"""The dashboard in a browser: a web server on loopback, and a process for each tab."""
