// golang.org/x/mod/sumdb/tlog, with its hashes in memory. Prints what it is, then for each line
// read ("append", "prove", "verify") the nanoseconds of CPU time of one operation.
package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"os"
	"runtime"
	"syscall"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	leaves = 1000000
	depth  = 20
	proofs = 256
)

type memory []tlog.Hash

func (m memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		out[i] = m[index]
	}
	return out, nil
}

// check ends the program on an error.
func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func cpuNs() int64 {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return usage.Utime.Nano() + usage.Stime.Nano()
}

// tree is a log that grows.
type tree struct {
	hashes memory
	size   int64
}

func (t *tree) append(record []byte) {
	binary.BigEndian.PutUint64(record, uint64(t.size))
	hashes, err := tlog.StoredHashes(t.size, record, t.hashes)
	check(err)
	t.hashes = append(t.hashes, hashes...)
	t.size++
}

func main() {
	record := make([]byte, 32)
	var full, growing tree
	for full.size < leaves {
		full.append(record)
	}
	root, err := tlog.TreeHash(leaves, full.hashes)
	check(err)
	var index [proofs]int64
	var proof [proofs]tlog.RecordProof
	for i, at := 0, int64(0); i < proofs; at = (at + 611953) % leaves {
		p, err := tlog.ProveRecord(leaves, at, full.hashes)
		check(err)
		if len(p) == depth {
			index[i], proof[i] = at, p
			i++
		}
	}
	operations := map[string]func() int{
		"append": func() int {
			for i := 0; i < 10000; i++ {
				growing.append(record)
			}
			return 10000
		},
		"prove": func() int {
			for _, at := range index {
				_, err := tlog.ProveRecord(leaves, at, full.hashes)
				check(err)
			}
			return proofs
		},
		"verify": func() int {
			for i, at := range index {
				leaf := full.hashes[tlog.StoredHashIndex(0, at)]
				check(tlog.CheckRecord(proof[i], leaves, root, at, leaf))
			}
			return proofs
		},
	}
	fmt.Println("x/mod tlog, " + runtime.Version())
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		operation := operations[lines.Text()]
		if operation == nil {
			os.Exit(2)
		}
		count, before := 0, cpuNs()
		for cpuNs()-before < 4000000 {
			count += operation()
		}
		fmt.Println(float64(cpuNs()-before) / float64(count))
	}
}
