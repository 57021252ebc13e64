package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const sumsName = "SHA256SUMS"

// pack writes the archive of a target: a zip for Windows, else a tar. All is in one folder, in
// order, and without times, so that equal contents are equal bytes.
func pack(out, version string, t target, program string, common map[string]string) (err error) {
	name := fmt.Sprintf("mpcheck_%s_%s_%s", version, t.os, t.arch)
	files := maps.Clone(common)
	suffix, binary := ".tar.gz", "mpcheck"
	if t.os == "windows" {
		suffix, binary = ".zip", "mpcheck.exe"
	}
	files[binary] = program
	file, err := os.Create(filepath.Join(out, name+suffix))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	var into archive = newTar(file)
	if t.os == "windows" {
		into = zipped{zip.NewWriter(file)}
	}
	for _, inside := range slices.Sorted(maps.Keys(files)) {
		data, err := os.ReadFile(files[inside])
		if err != nil {
			return err
		}
		mode := fs.FileMode(0o644)
		if inside == binary {
			mode = 0o755
		}
		if err := into.add(name+"/"+inside, mode, data); err != nil {
			return fmt.Errorf("packing %s: %w", inside, err)
		}
	}
	return into.Close()
}

type archive interface {
	add(name string, mode fs.FileMode, data []byte) error
	io.Closer
}

type tarred struct {
	gz  *gzip.Writer
	tar *tar.Writer
}

func newTar(w io.Writer) tarred {
	gz := gzip.NewWriter(w)
	return tarred{gz, tar.NewWriter(gz)}
}

func (t tarred) add(name string, mode fs.FileMode, data []byte) error {
	if err := t.tar.WriteHeader(&tar.Header{Name: name, Mode: int64(mode), Size: int64(len(data)), Format: tar.FormatUSTAR}); err != nil {
		return err
	}
	_, err := t.tar.Write(data)
	return err
}

func (t tarred) Close() error { return errors.Join(t.tar.Close(), t.gz.Close()) }

type zipped struct{ *zip.Writer }

func (z zipped) add(name string, mode fs.FileMode, data []byte) error {
	h := &zip.FileHeader{Name: name, Method: zip.Deflate}
	h.SetMode(mode)
	w, err := z.CreateHeader(h)
	if err == nil {
		_, err = w.Write(data)
	}
	return err
}

// checksums writes the SHA-256 of each archive in a folder, as sha256sum --check reads it.
func checksums(folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	var sums strings.Builder
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(data), e.Name())
	}
	return os.WriteFile(filepath.Join(folder, sumsName), []byte(sums.String()), 0o644)
}
