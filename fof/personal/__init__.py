"""Personal data of staff and their relatives: a store of its own beside the book, every value encrypted.

The journal names people by code and holds a commitment to each value; the salt without which a commitment tells nothing lies
encrypted in the store, with the value. The key lies in a file of its own (FOF_PERSONAL_KEY_FILE). Without it everything works on codes.

keyring      the key file: keys by id, the last one seals
sealing      a value as a record: encrypted, committed to, with a blind index that finds equals
store        the SQLite file of the records (store_file: what both stores have of a file)
evidence_store  files of evidence, sealed under the same keys, by their digests
commitments  what the journal says was stored, erased and opened
standing     the stores against the journal; with them the whole book is verified, backed up and restored
"""
