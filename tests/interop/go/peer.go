// Go's x/mod as the other side of the exchange: sumdb/note and sumdb/tlog, as Debian packages them.
//
//	peer make DIR     writes checkpoints and proofs, some of them tampered with
//	peer check FILE   judges what cairn has made, and the tiles beside it; exit status 1 when any
//	                  verdict is unexpected
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type signedNote struct {
	Vkey string `json:"vkey"`
	Note string `json:"note"`
	Ok   bool   `json:"ok"`
}

type inclusion struct {
	Index int64    `json:"index"`
	Size  int64    `json:"size"`
	Root  string   `json:"root"`
	Proof []string `json:"proof"`
	Ok    bool     `json:"ok"`
}

type consistency struct {
	From     int64    `json:"from"`
	To       int64    `json:"to"`
	RootFrom string   `json:"root_from"`
	RootTo   string   `json:"root_to"`
	Proof    []string `json:"proof"`
	Ok       bool     `json:"ok"`
}

type file struct {
	Keys        []signedNote  `json:"keys"`
	Leaves      []string      `json:"leaves"`
	Root        string        `json:"root"`
	Inclusion   []inclusion   `json:"inclusion"`
	Consistency []consistency `json:"consistency"`
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func hash(text string) (h tlog.Hash) {
	bytes, err := hex.DecodeString(text)
	must(err)
	copy(h[:], bytes)
	return h
}

func hashes(list []string) (out []tlog.Hash) {
	for _, text := range list {
		out = append(out, hash(text))
	}
	return out
}

func noteOk(n signedNote) bool {
	verifier, err := note.NewVerifier(n.Vkey)
	if err != nil {
		return false
	}
	_, err = note.Open([]byte(n.Note), note.VerifierList(verifier))
	return err == nil
}

// tiles reads a folder of cairn's; where x/mod says tile/8/L/N, tlog-tiles says tile/L/N.
type tiles string

func (folder tiles) Height() int { return 8 }

func (folder tiles) ReadTiles(wanted []tlog.Tile) (out [][]byte, err error) {
	for _, t := range wanted {
		data, err := os.ReadFile(string(folder) + strings.Replace(t.Path(), "tile/8/", "/tile/", 1))
		if err != nil {
			return nil, err
		}
		out = append(out, data)
	}
	return out, nil
}

func (folder tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// tileProofOk proves a leaf from tiles, which x/mod checks against the root on the way.
func tileProofOk(folder tiles, tree tlog.Tree, index int64, leaf []byte) bool {
	proof, err := tlog.ProveRecord(tree.N, index, tlog.TileHashReader(tree, folder))
	return err == nil && tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(leaf)) == nil
}

func check(path string) {
	data, err := os.ReadFile(path)
	must(err)
	var f file
	must(json.Unmarshal(data, &f))
	count, wrong, foreign := 0, 0, 0
	judge := func(got, want bool, what interface{}) {
		count++
		if got != want {
			wrong++
			fmt.Fprintf(os.Stderr, "judged wrongly: %+v\n", what)
		}
	}
	for _, n := range f.Keys {
		if strings.Contains(n.Vkey, "p256") { // x/mod knows Ed25519 only
			foreign++
			continue
		}
		judge(noteOk(n), n.Ok, n)
	}
	for _, p := range f.Inclusion {
		leaf, err := hex.DecodeString(f.Leaves[p.Index])
		must(err)
		err = tlog.CheckRecord(hashes(p.Proof), p.Size, hash(p.Root), p.Index, tlog.RecordHash(leaf))
		judge(err == nil, p.Ok, p)
	}
	for _, p := range f.Consistency {
		err := tlog.CheckTree(hashes(p.Proof), p.To, hash(p.RootTo), p.From, hash(p.RootFrom))
		judge(err == nil, p.Ok, p)
	}
	tree := tlog.Tree{N: int64(len(f.Leaves)), Hash: hash(f.Root)}
	for i, text := range f.Leaves {
		leaf, err := hex.DecodeString(text)
		must(err)
		folder := tiles(filepath.Dir(path) + "/tiles")
		judge(tileProofOk(folder, tree, int64(i), leaf), true, i)
		judge(tileProofOk(folder, tree, int64(i), append(leaf, 0)), false, i)
	}
	fmt.Printf("%s: %d items judged, %d wrongly, %d of another key type\n", path, count, wrong, foreign)
	if wrong != 0 || count < 100 {
		os.Exit(1)
	}
}

func encode(list []tlog.Hash) []string {
	out := []string{}
	for _, h := range list {
		out = append(out, hex.EncodeToString(h[:]))
	}
	return out
}

func makeFile(dir string) {
	const count = 200
	var f file
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) (out []tlog.Hash, err error) {
		for _, i := range indexes {
			out = append(out, stored[i])
		}
		return out, nil
	})
	roots := make([]string, count+1)
	for i := int64(0); i < count; i++ {
		leaf := bytes.Repeat([]byte{byte(i)}, int(i*7%90))
		f.Leaves = append(f.Leaves, hex.EncodeToString(leaf))
		more, err := tlog.StoredHashes(i, leaf, reader)
		must(err)
		stored = append(stored, more...)
		root, err := tlog.TreeHash(i+1, reader)
		must(err)
		roots[i+1] = hex.EncodeToString(root[:])
	}
	for size := int64(1); size <= count; size = size*3/2 + 1 {
		for index := int64(0); index < size; index += 1 + size/16 {
			proof, err := tlog.ProveRecord(size, index, reader)
			must(err)
			p := inclusion{index, size, roots[size], encode(proof), true}
			f.Inclusion = append(f.Inclusion, p)
			p.Proof, p.Ok = append(encode(proof), roots[size]), false
			f.Inclusion = append(f.Inclusion, p)
		}
		for from := int64(1); from <= size; from += 1 + size/12 {
			proof, err := tlog.ProveTree(size, from, reader)
			must(err)
			p := consistency{from, size, roots[from], roots[size], encode(proof), true}
			f.Consistency = append(f.Consistency, p)
			other := sha256.Sum256([]byte(roots[from]))
			p.RootFrom, p.Ok = hex.EncodeToString(other[:]), false
			f.Consistency = append(f.Consistency, p)
		}
	}
	seed := bytes.NewReader(bytes.Repeat([]byte{9}, 64))
	skey, vkey, err := note.GenerateKey(seed, "go.example/log")
	must(err)
	signer, err := note.NewSigner(skey)
	must(err)
	for size := int64(1); size <= count; size = size*2 + 1 {
		root := hash(roots[size])
		text := fmt.Sprintf("go.example/log\n%d\n%s\n", size, base64.StdEncoding.EncodeToString(root[:]))
		signed, err := note.Sign(&note.Note{Text: text}, signer)
		must(err)
		f.Keys = append(f.Keys, signedNote{vkey, string(signed), true})
		f.Keys = append(f.Keys, signedNote{vkey, strings.Replace(string(signed), "\n", "\n1", 1), false})
	}
	data, err := json.MarshalIndent(f, "", " ")
	must(err)
	must(os.WriteFile(dir+"/go.json", data, 0o644))
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == "make" {
		makeFile(os.Args[2])
	} else if len(os.Args) == 3 && os.Args[1] == "check" {
		check(os.Args[2])
	} else {
		fmt.Fprintln(os.Stderr, "usage: peer make DIR | peer check FILE")
		os.Exit(2)
	}
}
