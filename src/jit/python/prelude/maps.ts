// Maps.
export const MAPS = `
def ilo_mmap(place):
    return Map({})


def ilo_mget(place, entries, key):
    return want_map(place, "mget", entries).view().get(want_key(place, "mget", key))


def ilo_mhas(place, entries, key):
    return want_key(place, "mhas", key) in want_map(place, "mhas", entries).view()


def ilo_mset(place, entries, key, value):
    want_map(place, "mset", entries)
    key = want_key(place, "mset", key)
    return entries.changed(key, lambda owned: owned.__setitem__(key, value))


def ilo_mdel(place, entries, key):
    want_map(place, "mdel", entries)
    key = want_key(place, "mdel", key)
    return entries.changed(key, lambda owned: owned.__delitem__(key)) if key in entries.view() else entries


def ilo_mkeys(place, entries):
    return List(want_map(place, "mkeys", entries).sorted_keys())


def ilo_mvals(place, entries):
    want_map(place, "mvals", entries)
    return List([entries.view()[key] for key in entries.sorted_keys()])
`;
