# Programs that tests need beside Swift and Python; scripts source this file with their own arguments.
#
# A package of the system is installed only where that is asked for: by the argument --install, which each of
# these scripts takes, or in CI, where the variable CI is not empty. It takes root and apt-get. Whatever is asked
# of one script holds for those that it calls, through the variable NADARAYA_INSTALL. Where a program is missing
# and cannot be installed, a sentence says why and names the package; the script decides whether it can go on.

# Takes --install out of the arguments.
arguments=()
for argument in "$@"; do
  if [[ "$argument" == --install ]]; then
    export NADARAYA_INSTALL=1
  else
    arguments+=("$argument")
  fi
done
set -- ${arguments[@]+"${arguments[@]}"}
if [[ -n "${CI:-}" ]]; then export NADARAYA_INSTALL=1; fi

# provide PROGRAM: succeeds where the program is there, or could be installed.
provide() {
  local packages
  if is_there "$1"; then return; fi
  case "$1" in
    Chromium) packages=(chromium) ;;
    Java) packages=(openjdk-17-jre-headless) ;;
    KernSmooth) packages=(r-cran-kernsmooth r-cran-jsonlite) ;;
    rsvg-convert) packages=(librsvg2-bin) ;;
    *) packages=("$1") ;;
  esac
  if ! command -v apt-get >/dev/null; then
    echo "$1 is missing, and there is no apt-get to install it. Debian's package is ${packages[*]}."
  elif [[ -z "${NADARAYA_INSTALL:-}" ]]; then
    echo "$1 is missing. As root, --install installs it: apt-get install ${packages[*]}"
  elif [[ "$(id -u)" != 0 ]]; then
    echo "$1 is missing, and only root can install it: apt-get install ${packages[*]}"
  elif ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${packages[@]}"; } </dev/null >/dev/null; then
    echo "$1 is missing, and apt-get could not install ${packages[*]}."
  else
    return 0
  fi >&2
  return 1
}

is_there() {
  case "$1" in
    Chromium)
      [[ -n "${CHROMIUM:-}" ]] || command -v chromium >/dev/null || command -v google-chrome >/dev/null
      ;;
    Java) java -version >/dev/null 2>&1 || [[ -x "${JAVA_HOME:-/nowhere}/bin/java" ]] ;;
    KernSmooth) Rscript -e 'library(KernSmooth); library(jsonlite)' >/dev/null 2>&1 ;;
    *) command -v "$1" >/dev/null ;;
  esac
}
