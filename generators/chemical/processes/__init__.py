"""The process models, each a module of its own behind the interface of `model.py`."""
