#!/bin/sh
# Checks that this bag agrees with itself: every digest, every name, the station's signature. No program of the station
# is used, only sh, openssl and coreutils. Whose signature it is only you can tell: sh verify.sh FINGERPRINT...
# 核对本证据包：摘要、文件名、签名。签名属于谁，须与书面交接单上的密钥指纹比对：sh verify.sh 指纹...
# Ends with 0 good, 1 something is wrong (it is named), 3 something could not be checked with this openssl.
cd -- "$(dirname -- "$0")" || exit 1
LC_ALL=C bad=0 unsure=0 t=$(mktemp -d) && export LC_ALL || exit 1
trap 'rm -rf "$t"' EXIT
wrong() { printf 'WRONG 异常: %s\n' "$*"; bad=1; }
cannot() { printf 'NOT CHECKED 未核对: %s\n' "$*"; unsure=1; }
walk() ( for f in "$1"* "$1".[!.]* "$1"..?*; do
  if [ -h "$f" ]; then echo "$f (link)"; elif [ -d "$f" ]; then walk "$f/"; elif [ -e "$f" ]; then echo "$f"; fi
done )
fingerprint() { printf SHA256:; base64 -d | openssl dgst -sha256 -binary | base64 | cut -d = -f 1; }
list=tagmanifest-sha256.txt
for manifest in $list manifest-sha256.txt; do
  sha256sum --strict --quiet -c $manifest 2>&1 || wrong "$manifest"
done
sha512sum --strict --quiet -c manifest-sha512.txt 2>&1 || wrong manifest-sha512.txt
strays=$({ cut -c 67- manifest-sha256.txt $list; printf '%s\n' $list $list.sshsig; walk ''; } 2>&1 | sort | uniq -u)
[ -z "$strays" ] || wrong "added or removed 增加或缺少: $strays"
if openssl dgst -sm3 /dev/null >"$t/null" 2>&1; then
  while read -r sum name; do
    [ "$(openssl dgst -sm3 -r "$name" 2>&1 | cut -d ' ' -f 1)" = "$sum" ] || wrong "$name (SM3)"
  done <sm3sums.txt
else cannot 'SM3'; fi
# The signature (SSHSIG, Ed25519): its message is built here, and the file must be exactly what these parts give.
key=$(tail -n +2 $list.sshsig | head -n -1 | base64 -d 2>"$t/null" | tail -c +15 | head -c 51 | base64 -w 0)
raw() { echo "$key" | base64 -d | tail -c 32; }
mark() { printf 'evidence@station\000\000\000\000\000\000\000\006sha512'; }
tail -n +2 $list.sshsig | head -n -1 | base64 -d 2>"$t/null" | tail -c 64 >"$t/signature"
{ echo '-----BEGIN SSH SIGNATURE-----'
  { printf 'SSHSIG\000\000\000\001\000\000\000\063\000\000\000\013ssh-ed25519\000\000\000\040'; raw
    printf '\000\000\000\020'; mark; printf '\000\000\000\123\000\000\000\013ssh-ed25519\000\000\000\100'
    cat "$t/signature"; } | base64 -w 70
  echo '-----END SSH SIGNATURE-----'; } >"$t/form"
{ printf 'SSHSIG\000\000\000\020'; mark; printf '\000\000\000\100'; openssl dgst -sha512 -binary $list; } >"$t/message"
{ printf '\060\052\060\005\006\003\053\145\160\003\041\000'; raw; } >"$t/key"
if [ "$(base64 <"$t/form")" != "$(base64 <$list.sshsig)" ]; then wrong "$list.sshsig (form 格式)"
else case "$(openssl pkeyutl -help 2>&1)" in *-rawin*)
  openssl pkeyutl -verify -pubin -keyform DER -inkey "$t/key" -rawin -in "$t/message" -sigfile "$t/signature" \
    >"$t/null" 2>&1 || wrong "$list or $list.sshsig (signature 签名)" ;;
*) cannot 'the signature: this openssl has no raw Ed25519 签名' ;; esac; fi
case "$(cat allowed_signers)" in *" $key "*) ;; *) wrong 'the signature is not by the key in allowed_signers' ;; esac
# Keys: what is printed here must be what the station's owner gave you on paper.
export_key=$(echo "$key" | fingerprint)
log_key=$(cut -d ' ' -f 2 log.pub | fingerprint) leaf_key=$(cut -d ' ' -f 2 leaf.pub | fingerprint)
printf '%s\n' "export key 导出密钥   $export_key" "log key 日志密钥      $log_key" "leaf key 记录密钥     $leaf_key"
ended=$(for f in logs/*/log.pub logs/*/leaf.pub; do [ ! -f "$f" ] || cut -d ' ' -f 2 "$f" | fingerprint; done)
[ -z "$ended" ] || printf '%s\n' 'ended logs 已结束的日志 (logs/):' "$ended"
ended=$(echo $ended)
if [ $# = 0 ]; then echo 'compare with the printed hand-over sheet 请与书面交接单比对'; else
  case " $* " in *" $export_key "*) ;; *) wrong 'the export key is none of the given fingerprints 导出密钥不符' ;; esac
  for given; do case " $export_key $log_key $leaf_key $ended " in
    *" $given "*) ;; *) wrong "no key here has the fingerprint 无此指纹: $given" ;; esac; done
fi
[ $bad = 0 ] || exit 1
[ $unsure = 0 ] || exit 3
echo 'The bag agrees with itself 证据包自身一致'
