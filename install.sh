#!/bin/sh
# Installs aries-mcp for this user. A cut download runs nothing: everything is a function, called on the last line.
set -eu

version=0.1.0
repository=https://github.com/OWNER/aries-mcp

usage() {
    cat <<'END'
Installs aries-mcp for this user; root is never needed and no shell file is touched.

  ./install.sh               inside a clone: build it and install that
  ./install.sh               elsewhere: download the release, check its SHA-256, install it
  ./install.sh --to DIR      install into DIR (default: ~/.local/bin)
  ./install.sh --uninstall   remove the binary again
  ./install.sh --help        this text

Variables: ARIES_INSTALL_DIR      as --to
           ARIES_INSTALL_VERSION  another release than the one this script came with
           ARIES_INSTALL_URL      another place that holds the archives; like the version,
                                  it means download, inside a clone too
END
}

fail() {
    printf 'error: %s\nhint: %s\n' "$1" "$2" >&2
    exit "${3:-1}"
}

say() { printf '%s\n' "$1" >&2; }

one_line() { printf '%s' "$1" | tr '\n' ' '; }

# A path as a shell takes it.
quoted() {
    case $1 in
        *[!0-9A-Za-z/._+:@%,=-]*) printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")" ;;
        *) printf '%s' "$1" ;;
    esac
}

main() {
    action=install
    folder=${ARIES_INSTALL_DIR:-}
    while [ $# -gt 0 ]; do
        case $1 in
            --to)
                [ -n "${2:-}" ] || fail '--to needs a folder' 'for example: --to ~/bin' 2
                folder=$2
                shift
                ;;
            --to=?*) folder=${1#--to=} ;;
            --uninstall) action=uninstall ;;
            -h | --help) usage && exit 0 ;;
            *) fail "unknown option $1" 'valid: --to DIR, --uninstall, --help' 2 ;;
        esac
        shift
    done
    if [ -z "$folder" ]; then
        [ -n "${HOME:-}" ] || fail 'HOME is not set' 'name the folder with --to DIR'
        folder=$HOME/.local/bin
    fi
    # Clients need the full path, so that is what gets printed.
    case $folder in /*) ;; *) folder=$PWD/$folder ;; esac
    [ ! -d "$folder/aries-mcp" ] ||
        fail "$folder/aries-mcp is a folder" 'move it away, or choose another folder with --to DIR'
    "$action"
}

uninstall() {
    if [ ! -e "$folder/aries-mcp" ] && [ ! -L "$folder/aries-mcp" ]; then
        echo "nothing to remove: there is no $folder/aries-mcp"
        return
    fi
    rm -f "$folder/aries-mcp" || fail "cannot remove $folder/aries-mcp" "check who owns $folder"
    echo "removed $folder/aries-mcp"
    echo 'note: remove it from your clients too; if tokens are still in the keychain (you did not run'
    echo '      "aries-mcp logout" before), delete the entries named aries-mcp there'
}

install() {
    work=
    staged=
    trap clean EXIT
    trap 'exit 1' HUP INT TERM
    work=$(mktemp -d 2>/dev/null) ||
        fail "cannot make a folder in ${TMPDIR:-/tmp}" 'set TMPDIR to a folder that exists and that you may write to'
    clone=$(find_clone)
    if [ -n "$clone" ]; then build; else download; fi
    place
    report
}

clean() {
    [ -z "$work" ] || rm -rf "$work"
    [ -z "$staged" ] || rm -f "$staged"
}

# The folder of this script if it is a clone and no release was asked for.
find_clone() {
    [ -z "${ARIES_INSTALL_URL:-}${ARIES_INSTALL_VERSION:-}" ] || return 0
    # In `curl … | sh` the name is the shell's.
    [ "${0##*/}" = install.sh ] && [ -f "$0" ] || return 0
    beside=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
    ! grep -qs '^name = "aries-mcp"$' "$beside/Cargo.toml" || echo "$beside"
}

build() {
    command -v cargo >/dev/null || fail 'cargo is not installed' 'install Rust from https://rustup.rs, then try again'
    say "building $clone (a few minutes)"
    target=${CARGO_TARGET_DIR:-$clone/target}
    cargo build --release --locked --manifest-path "$clone/Cargo.toml" --target-dir "$target" >&2 ||
        fail 'the build failed' "read cargo's message above; \"rustup update\" helps if Rust is too old"
    binary=$target/release/aries-mcp
}

download() {
    version=${ARIES_INSTALL_VERSION:-$version}
    version=${version#v}
    case $version in *[!0-9A-Za-z.+-]*) fail "$version is not a version" 'for example: ARIES_INSTALL_VERSION=0.1.0' 2 ;; esac
    base=${ARIES_INSTALL_URL:-$repository/releases/download/v$version}
    base=${base%/}
    check_url
    archive=aries-mcp-$version-$(platform).tar.gz
    command -v tar >/dev/null || fail 'tar is not installed' 'install it, then try again'
    say "downloading $base/$archive"
    fetch "$archive"
    fetch "$archive.sha256"
    verify
    # Only the one member that is wanted leaves the archive.
    problem=$(tar -xzf "$work/$archive" -C "$work" aries-mcp 2>&1) || not_unpacked "$(one_line "$problem")"
    binary=$work/aries-mcp
    [ -f "$binary" ] || fail "$archive holds no aries-mcp" 'tell the maintainers; this release is broken'
}

not_unpacked() {
    if inside=$(tar -tzf "$work/$archive" 2>/dev/null); then
        case "
$inside
" in *"
aries-mcp
"*) fail "cannot unpack $archive into $work: $1" 'check the free space there, or set TMPDIR to another folder' ;; esac
        fail "$archive holds no aries-mcp" 'tell the maintainers; this release is broken'
    fi
    command -v gzip >/dev/null || fail "tar cannot read $archive, and gzip is not installed" 'install gzip, then try again'
    fail "cannot read $archive: $1" 'tell the maintainers; this release is broken'
}

# The checksum comes from the same place as the archive, so the way there must be protected.
check_url() {
    case $base in
        */OWNER/*) fail 'this copy of install.sh names no release page' 'run it inside a clone, or set ARIES_INSTALL_URL' ;;
        *@*) fail "$base is not an https:// address of a server" 'leave user names out of it' 2 ;;
        https://?*) protocol='=https' ;;
        http://127.0.0.1[:/]* | http://localhost[:/]* | http://\[::1\][:/]*) protocol='=http' ;;
        *) fail "$base is not an https:// address" 'http:// is allowed to this machine only' 2 ;;
    esac
}

platform() {
    cpu=$(uname -m)
    # A shell under Rosetta claims to be an Intel one.
    [ "$(sysctl -n sysctl.proc_translated 2>/dev/null || true)" != 1 ] || cpu=arm64
    case $cpu in
        x86_64 | amd64) cpu=x86_64 ;;
        aarch64 | arm64) cpu=aarch64 ;;
        *) fail "there is no release for $cpu" 'clone the repository and run ./install.sh inside it' ;;
    esac
    case $(uname -s) in
        Linux) echo "$cpu-unknown-linux-musl" ;;
        Darwin) echo "$cpu-apple-darwin" ;;
        *) fail "there is no release for $(uname -s) here" 'on Windows download the .zip from the release page' ;;
    esac
}

fetch() {
    if command -v curl >/dev/null; then
        curl -fsSL --proto "$protocol" --proto-redir "$protocol" --connect-timeout 10 --max-time 600 \
            -o "$work/$1" "$base/$1" || not_fetched "$1" $?
    elif command -v wget >/dev/null; then
        wget -q -T 60 -O "$work/$1" "$base/$1" || not_fetched "$1" $?
    else
        fail 'neither curl nor wget is installed' 'install one of them, then try again'
    fi
}

# Curl says 22 where the server answered with an error, 23 where the file could not be written; wget says 8 and 3.
not_fetched() {
    case $2 in
        22 | 8) fail "could not download $base/$1: the server does not have it" 'check the version, and that it has a release for your system' ;;
        23 | 3) fail "could not download $base/$1: it cannot be written to $work" 'check the free space there, or set TMPDIR to another folder' ;;
        *) fail "could not download $base/$1" 'check the network and the proxy, then try again' ;;
    esac
}

verify() {
    read -r wanted _ <"$work/$archive.sha256" || [ -n "${wanted:-}" ] ||
        fail "$archive.sha256 is empty" 'nothing was installed; tell the maintainers'
    if command -v sha256sum >/dev/null; then
        found=$(sha256sum <"$work/$archive")
    elif command -v shasum >/dev/null; then
        found=$(shasum -a 256 <"$work/$archive")
    else
        fail 'neither sha256sum nor shasum is installed' 'install one of them; an unchecked binary is not installed'
    fi
    wanted=$(printf '%s' "$wanted" | tr 'A-F' 'a-f')
    [ "${found%% *}" = "$wanted" ] ||
        fail "the SHA-256 of $archive is wrong" 'nothing was installed; try again, and if it stays wrong tell the maintainers'
}

# A running server keeps its old file, and nobody ever sees half a binary.
place() {
    mkdir -p "$folder" || fail "cannot create $folder" 'choose another folder with --to DIR'
    staged=$folder/.aries-mcp.$$
    { cp "$binary" "$staged" && chmod 755 "$staged"; } || fail "cannot write to $folder" 'choose another folder with --to DIR'
    installed=$("$staged" --version 2>&1) ||
        fail "the binary does not run from $folder: $(one_line "${installed:-it says nothing}")" \
            'choose another folder with --to DIR if that one allows no programs; else clone the repository and run ./install.sh inside it'
    mv -f "$staged" "$folder/aries-mcp" || fail "cannot write $folder/aries-mcp" 'choose another folder with --to DIR'
}

report() {
    echo "installed $installed: $folder/aries-mcp"
    command=aries-mcp
    case :${PATH:-}: in
        *:"$folder":*) ;;
        *)
            echo "note: $folder is not on your PATH; add it, or use the full path"
            command=$(quoted "$folder/aries-mcp")
            ;;
    esac
    echo 'next:'
    echo "  $command login"
    echo "  $command setup"
    echo "or by hand, for one client: claude mcp add --scope user aries -- $(quoted "$folder/aries-mcp")"
    echo 'and for others: README.md and examples/clients'
}

main "$@"
