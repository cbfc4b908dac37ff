"""Screens of other inputs: lists, forms, pages of one, import, lost business."""
