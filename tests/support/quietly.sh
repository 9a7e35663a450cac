# Sourced by scripts that build.
#
#   quietly COMMAND...   prints what the command said only when it fails
quietly() {
  local said
  said=$("$@" 2>&1) || { echo "$said" >&2; return 1; }
}
