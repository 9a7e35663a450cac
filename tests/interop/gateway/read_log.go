// usage: read_log URL VKEY
//
// Reads a log over HTTP with golang.org/x/mod's note and tlog alone: verifies the checkpoint, and
// that every entry of the bundles stands in the tree, through tiles. Prints the size.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func get(path string) []byte {
	response, err := http.Get(os.Args[1] + "/" + path)
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != 200 {
		log.Fatalf("%s: %v %v", path, response.Status, err)
	}
	return body
}

// Tiles of height 8, without the height in their paths, as c2sp.org/tlog-tiles has them.
type reader struct{}

func (reader) Height() int { return 8 }

func (reader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, tile := range tiles {
		out = append(out, get(strings.Replace(tile.Path(), "tile/8/", "tile/", 1)))
	}
	return out, nil
}

func (reader) SaveTiles([]tlog.Tile, [][]byte) {}

func entries(size int64) [][]byte {
	var out [][]byte
	for int64(len(out)) < size {
		tile := tlog.Tile{H: 8, L: 0, N: int64(len(out)) / 256, W: 256}
		if rest := size - int64(len(out)); rest < 256 {
			tile.W = int(rest)
		}
		bundle := get(strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1))
		for len(bundle) >= 2 {
			length := int(binary.BigEndian.Uint16(bundle))
			out = append(out, bundle[2:2+length])
			bundle = bundle[2+length:]
		}
	}
	return out
}

func main() {
	verifier, err := note.NewVerifier(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	signed, err := note.Open(get("checkpoint"), note.VerifierList(verifier))
	if err != nil {
		log.Fatal(err)
	}
	lines := strings.Split(signed.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || lines[0] != verifier.Name() {
		log.Fatalf("not a checkpoint of %s: %q", verifier.Name(), signed.Text)
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil {
		log.Fatal(err)
	}
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], root)
	hashes := tlog.TileHashReader(tree, reader{})
	for index, entry := range entries(size) {
		proof, err := tlog.ProveRecord(size, int64(index), hashes)
		if err != nil {
			log.Fatal(err)
		}
		if err := tlog.CheckRecord(proof, size, tree.Hash, int64(index), tlog.RecordHash(entry)); err != nil {
			log.Fatalf("entry %d: %v", index, err)
		}
		if !bytes.Contains(entry, []byte("\n\n\u2014 ")) {
			log.Fatalf("entry %d is no signed note", index)
		}
	}
	fmt.Println(size)
}
