# Sourced by tests/run and by the examples' run scripts: installs what is missing, and only that.
#
#   install_packages GROUP...
#
# Debian 12 and 13 and Ubuntu 24.04 are known by name. Elsewhere nothing is installed, and CMake
# says what it does not find.

# What each group is made of. "command:package" is needed only where the command is not there;
# "a|b" is the first of two names that the distribution knows; "a?" is left out where it knows none;
# "a~" too, but where Debian's release has none it is taken from that release's backports.
package_group() {
  case $1 in
    build)  # the library, the command, the examples, the tests that are written in C++
      echo g++ cmake make ninja-build pkg-config libsodium-dev libmbedtls-dev libssl-dev \
        libnanopb-dev catch2 nlohmann-json3-dev libcli11-dev libcsv-dev ;;
    gateway)  # the gateway's library and cairn-gateway
      echo libsqlite3-dev libpq-dev libcurl4-openssl-dev libsecp256k1-dev libmicrohttpd-dev \
        libgnutls28-dev libmosquitto-dev libtomlplusplus-dev libspdlog-dev libsystemd-dev ;;
    host)   # the other tests on this machine
      echo python3 protobuf-compiler nanopb openssl ca-certificates golang-go \
        golang-golang-x-mod-dev node:nodejs npm:npm clang-format valgrind cppcheck \
        $(package_group broker) postgresql chromium chromium-driver faketime lintian dpkg-dev \
        man-db systemd libseccomp2 python3-opentimestamps python3-jsonschema \
        python3-kconfiglib? sigsum-go~ ;;
    broker) echo mosquitto mosquitto-clients ;;
    link) echo python3 ;;  # what plays the link of examples/03_node_to_gateway
    clang) echo clang lld clang-tidy "libclang-rt-dev|libclang-rt-18-dev" ;;
    cross) echo g++-aarch64-linux-gnu g++-arm-linux-gnueabihf g++-s390x-linux-gnu qemu-user ;;
    suite) echo debootstrap debian-archive-keyring ;;
    sources) echo dpkg-dev bzip2 xz-utils debian-archive-keyring ;;
    cortex-m)
      echo gcc-arm-none-eabi libnewlib-arm-none-eabi libstdc++-arm-none-eabi-dev \
        picolibc-arm-none-eabi qemu-system-arm python3 ;;
    plc)    # a PLC runtime, of Debian 12 and 13: 120 packages, 46 MB to fetch, 254 MB installed
      echo linuxcnc-uspace linuxcnc-uspace-dev python3 node:nodejs npm:npm ;;
    bench)  # what tests/bench compares with
      echo python3 liblmdb-dev librocksdb-dev liburing-dev golang-go \
        golang-golang-x-mod-dev node:nodejs npm:npm postgresql ;;
    *) echo "no group of packages is called $1" >&2; return 1 ;;
  esac
}

# The Debian mirror that this machine uses; nothing when its packages are not Debian's.
debian_mirror() (
  . /etc/os-release
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' \
    "Codename: ${VERSION_CODENAME-}" | head -n 1
)

is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2> /dev/null)" = installed ]
}

is_known() {
  apt-cache show "$1" > /dev/null 2>&1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo > /dev/null; then
    sudo "$@"
  else
    echo "this needs root, and there is no sudo: $*" >&2
    return 1
  fi
}

quiet_apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600 "$@"
}

# Installs one package from the backports of this machine's Debian release, by the mirror that it
# uses. They are no source of the machine, before or after: apt keeps its lists of them in a folder
# that is removed. So what the package depends on must be there already.
install_from_backports() {
  local mirror folder status=0
  mirror=$(debian_mirror)
  [ -n "$mirror" ] || return 1
  folder=$(mktemp -d)
  mkdir -p "$folder/lists/partial" "$folder/archives/partial"
  chmod -R a+rX "$folder"
  (
    . /etc/os-release
    keys=/usr/share/keyrings/debian-archive-keyring.gpg
    echo "deb [signed-by=$keys] $mirror $VERSION_CODENAME-backports main" > "$folder/sources.list"
  )
  local apt=(quiet_apt_get -o "Dir::Etc::SourceList=$folder/sources.list"
    -o Dir::Etc::SourceParts=/dev/null -o "Dir::State::Lists=$folder/lists"
    -o "Dir::Cache=$folder")
  "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "$1" || status=1
  as_root rm -rf "$folder"
  return $status
}

install_packages() {
  local group item name names missing=() optional=()
  if ! command -v dpkg-query > /dev/null || ! command -v apt-get > /dev/null; then
    echo "no Debian or Ubuntu here: install by hand what CMake does not find" >&2
    return 0
  fi
  for group in "$@"; do
    names=$(package_group "$group") || return 1
    for item in $names; do
      case $item in
        *:*) command -v "${item%%:*}" > /dev/null || missing+=("${item#*:}") ;;
        *"?" | *"~") is_installed "${item%[?~]}" || optional+=("$item") ;;
        *"|"*) is_installed "${item%%|*}" || is_installed "${item#*|}" || missing+=("$item") ;;
        *) is_installed "$item" || missing+=("$item") ;;
      esac
    done
  done
  [ ${#missing[@]} != 0 ] || [ ${#optional[@]} != 0 ] || return 0
  quiet_apt_get update || echo "apt-get update failed: going on with the lists that are there" >&2
  names=()
  for item in "${missing[@]}"; do
    name=${item%%|*}
    is_known "$name" || name=${item#*|}
    names+=("$name")
  done
  for item in "${optional[@]}"; do
    name=${item%[?~]}
    if is_known "$name"; then
      names+=("$name")
    elif [ "$item" = "$name?" ] || ! install_from_backports "$name"; then
      echo "left out: $name, which this release does not have"
    fi
  done
  [ ${#names[@]} != 0 ] || return 0
  echo "installing: ${names[*]}"
  quiet_apt_get install -y --no-install-recommends "${names[@]}"
}
