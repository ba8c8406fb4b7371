"""What is already recorded, super-resolved in one go: stills, videos, recordings, folders of them.

discovery   what the named sources hold, item by item
opened      an item's messages in the order they arrived, whatever it is made of
results     those messages through the worker's own steps, one after another
item        one item, whole: the function that every engine calls
output      the folder of what is made: its lock, what is there already, what is under way
local       worker processes of this machine; `cluster`, Ray's
run         all items, and what is told of them
"""
