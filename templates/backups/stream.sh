#!/bin/sh
# Who writes to the stream leaves a mark before it closes it. The end alone says nothing: it comes, too, where that one is killed.
cat /scratch/stream || exit 1
[ -e /scratch/whole ] || {
  echo 'error: what is backed up broke off before its end' >&2
  exit 1
}
