"""Importers: published tables, open data, flows, routes and registers into tables of a study."""
