#!/usr/bin/env bash
# Copies into vendor/ what the pages take from npm, unmodified, as package-lock.json has it; into tests/web/ what tests take.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$work"
(cd "$work" && npm ci --ignore-scripts --no-audit --no-fund >&2)
tests="$here/../../tests/web"
rm -rf "$here/vendor" "$tests"
mkdir -p "$here/vendor" "$tests"

take() { # PACKAGE FILE LICENCE AS [TO]
  local from="$work/node_modules/$1" to="${5:-$here/vendor}"
  cp "$from/$2" "$to/$4"
  cp "$from/$3" "$to/$4.LICENSE"
  printf '%s\t%s\t%s\t%s\n' "$4" "$1" "$(node -p "require('$from/package.json').version")" \
    "$(node -p "require('$from/package.json').license")" >> "$to/VERSIONS.tsv"
}

take graphology dist/graphology.umd.min.js LICENSE.txt graphology.js
take sigma dist/sigma.min.js LICENSE.txt sigma.js
# The successor's package lacks the licence file of the project that it goes on with.
cp "$work/node_modules/@triply/yasqe/LICENSE.txt" "$work/node_modules/@zazuko/yasqe/LICENSE.txt"
take @zazuko/yasqe build/yasqe.min.js LICENSE.txt yasqe.js
take @zazuko/yasqe build/yasqe.min.css LICENSE.txt yasqe.css
take axe-core axe.min.js LICENSE axe.js "$tests"
