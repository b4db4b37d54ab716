#!/bin/sh
# Makes the certificates of the tests' HTTPS server: an authority that nobody trusts unless told to, and a
# certificate for 127.0.0.1 signed by it. The authority's key is thrown away. Run in this folder.
set -eu
curve="-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
authority=$(mktemp)
openssl req -x509 $curve -keyout "$authority" -out authority.pem -days 36500 \
  -subj "/CN=Tests of genhpo" -addext "keyUsage=critical,keyCertSign"
openssl req -x509 $curve -keyout server.key -out server.pem -days 36500 \
  -subj "/CN=127.0.0.1" -CA authority.pem -CAkey "$authority" \
  -addext "basicConstraints=critical,CA:FALSE" -addext "subjectAltName=IP:127.0.0.1"
rm "$authority"
