// Reads a ledger's folder with Go's own transparency-log library (golang.org/x/mod/sumdb): opens the checkpoint as a
// signed note, reads the tiles through the library's authenticating reader, and proves every record in the tree.
// Usage: read-log LEDGER_FOLDER VERIFIER_KEY. Prints {"size":N,"records":N}; exits 1 with a reason.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight = 8
	leafBytes  = 128
)

// tiles reads tiles of height 8 from files; C2SP leaves the height out of the path.
type tiles struct{ folder string }

func (t tiles) Height() int { return tileHeight }

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(wanted))
	for i, tile := range wanted {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		bytes, err := os.ReadFile(filepath.Join(t.folder, path))
		if err != nil {
			return nil, err
		}
		data[i] = bytes
	}
	return data, nil
}

// The library offers to cache what it has authenticated; everything is on disk already.
func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func main() {
	if len(os.Args) != 3 {
		fail(fmt.Errorf("usage: read-log LEDGER_FOLDER VERIFIER_KEY"))
	}
	size, records, err := read(os.Args[1], os.Args[2])
	if err != nil {
		fail(err)
	}
	fmt.Printf("{\"size\":%d,\"records\":%d}\n", size, records)
}

func read(folder, vkey string) (int64, int64, error) {
	tree, err := readCheckpoint(folder, vkey)
	if err != nil {
		return 0, 0, err
	}
	reader := tlog.TileHashReader(tree, tiles{folder})
	root, err := tlog.TreeHash(tree.N, reader)
	if err != nil {
		return 0, 0, err
	}
	if root != tree.Hash {
		return 0, 0, fmt.Errorf("the tiles have root %v, the checkpoint %v", root, tree.Hash)
	}
	for id := int64(0); id < tree.N; id++ {
		leaf, err := readLeaf(folder, id, tree.N)
		if err != nil {
			return 0, 0, err
		}
		proof, err := tlog.ProveRecord(tree.N, id, reader)
		if err != nil {
			return 0, 0, err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, id, tlog.RecordHash(leaf)); err != nil {
			return 0, 0, fmt.Errorf("record %d: %v", id, err)
		}
	}
	return tree.N, tree.N, nil
}

func readCheckpoint(folder, vkey string) (tlog.Tree, error) {
	bytes, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return tlog.Tree{}, err
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(bytes, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("the checkpoint is not of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	hash, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: hash}, err
}

func readLeaf(folder string, id, size int64) ([]byte, error) {
	index := id / 256
	tile := tlog.Tile{H: tileHeight, L: -1, N: index, W: 256}
	if size < (index+1)*256 {
		tile.W = int(size - index*256)
	}
	path := strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1)
	bundle, err := os.ReadFile(filepath.Join(folder, path))
	if err != nil {
		return nil, err
	}
	start := int(id%256) * (2 + leafBytes)
	if len(bundle) < start+2+leafBytes || bundle[start] != 0 || bundle[start+1] != leafBytes {
		return nil, fmt.Errorf("the bundle of leaf %d is malformed", id)
	}
	return bundle[start+2 : start+2+leafBytes], nil
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
