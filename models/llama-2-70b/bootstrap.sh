#!/bin/sh
# Links what reference.yaml names, or with --download brings it; --help says the rest.
here=$(dirname -- "$0")
exec "$here/../../plumbline" fetch "$here" "$@"
