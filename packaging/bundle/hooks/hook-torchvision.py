# Without its compiled operators, see start_torchvision.py.
module_collection_mode = "pyz+py"  # its overloaded functions look for their source
