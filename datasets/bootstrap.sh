#!/bin/sh
# Links all that the reference.yaml below name, or with --download brings it; --help says the rest.
here=$(dirname -- "$0")
exec "$here/../plumbline" fetch "$here" "$@"
