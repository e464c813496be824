// Go's peer of the ledger's tree: hashes leaves of 128 bytes from a file into golang.org/x/mod/sumdb/tlog's stored
// hashes, in memory, and prints {"leaves":N,"seconds":S,"cpuSeconds":C,"root":"hex"}. Usage: tlog-tree LEAVES_FILE.
package main

import (
	"encoding/hex"
	"fmt"
	"os"
	"syscall"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

const leafBytes = 128

type memory []tlog.Hash

func (m memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		hashes[i] = m[index]
	}
	return hashes, nil
}

func main() {
	leaves, err := os.ReadFile(os.Args[1])
	if err != nil {
		fail(err)
	}
	count := int64(len(leaves) / leafBytes)
	stored := make(memory, 0, tlog.StoredHashCount(count))
	start, cpu := time.Now(), cpuSeconds()
	for at := int64(0); at < count; at++ {
		hashes, err := tlog.StoredHashes(at, leaves[at*leafBytes:(at+1)*leafBytes], stored)
		if err != nil {
			fail(err)
		}
		stored = append(stored, hashes...)
	}
	root, err := tlog.TreeHash(count, stored)
	if err != nil {
		fail(err)
	}
	fmt.Printf("{\"leaves\":%d,\"seconds\":%f,\"cpuSeconds\":%f,\"root\":%q}\n",
		count, time.Since(start).Seconds(), cpuSeconds()-cpu, hex.EncodeToString(root[:]))
}

func cpuSeconds() float64 {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		fail(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano()).Seconds()
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
