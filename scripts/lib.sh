# Shared by the scripts of this folder; sourced, not run. Sets ROOT and finds the pinned Node.
ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
NODE="$ROOT/node_modules/.bin/node"
STAMP="$ROOT/node_modules/.evidock-setup"

# True when nothing that set-up depends on is newer than the stamp of the last set-up.
setup_is_current() {
  [ -f "$STAMP" ] && [ -x "$NODE" ] &&
    [ -z "$(find "$ROOT/package-lock.json" "$ROOT/scripts/setup" "$ROOT/native" -path '*/build' -prune -o -type f -newer "$STAMP" -print -quit)" ]
}
