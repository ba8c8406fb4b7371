"""What a picture is measured with: tools drawn onto it, and what radiates besides the object.

Geometry and physics alone: no pictures, no messages, no Qt. Places are shares of the picture's
width and height, 0..1 from its upper left corner, so that a tool lies on the same spot of the
sensor's picture and of the super-resolved one.
"""
