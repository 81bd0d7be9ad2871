# transformers finds its own modules by reading their source; versions it asks for are copied by the spec.
module_collection_mode = "pyz+py"
