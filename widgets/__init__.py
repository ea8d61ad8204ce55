"""The widgets: boards and panels that draw tickers; no network, no files, nothing of `app`."""
