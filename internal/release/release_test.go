package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"debug/elf"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

var builds = flag.Bool("builds", false, "build the program too: minutes where nothing is cached")

func TestArchivesAndChecksums(t *testing.T) {
	out := t.TempDir()
	share := map[string]string{}
	for name, text := range map[string]string{"LICENSE": "MIT", "man/mpcheck.1": ".TH", "program": "\x7fELF"} {
		path := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		share[name] = path
	}
	program := share["program"]
	delete(share, "program")
	for range 2 { // again, over what is there
		for _, system := range []target{{"linux", "arm64"}, {"windows", "amd64"}} {
			if err := pack(out, "v1.2.3", system, program, share); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := checksums(out); err != nil {
		t.Fatal(err)
	}
	sums := read(t, filepath.Join(out, sumsName))
	for name, want := range map[string]string{
		"mpcheck_v1.2.3_linux_arm64.tar.gz": "mpcheck_v1.2.3_linux_arm64/LICENSE 644 MIT\nmpcheck_v1.2.3_linux_arm64/man/mpcheck.1 644 .TH\nmpcheck_v1.2.3_linux_arm64/mpcheck 755 \x7fELF\n",
		"mpcheck_v1.2.3_windows_amd64.zip":  "mpcheck_v1.2.3_windows_amd64/LICENSE 644 MIT\nmpcheck_v1.2.3_windows_amd64/man/mpcheck.1 644 .TH\nmpcheck_v1.2.3_windows_amd64/mpcheck.exe 755 \x7fELF\n",
	} {
		data := []byte(read(t, filepath.Join(out, name)))
		if got := contents(t, name, data); got != want {
			t.Errorf("%s: got\n%swant\n%s", name, got, want)
		}
		if line := fmt.Sprintf("%x  %s\n", sha256.Sum256(data), name); !strings.Contains(sums, line) {
			t.Errorf("no %q in\n%s", line, sums)
		}
	}
}

// contents lists the files of an archive, with mode and text.
func contents(t *testing.T, name string, data []byte) string {
	t.Helper()
	var list strings.Builder
	if strings.HasSuffix(name, ".zip") {
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&list, "%s %o %s\n", f.Name, f.Mode().Perm(), text)
		}
		return list.String()
	}
	gz, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for archived := tar.NewReader(gz); ; {
		h, err := archived.Next()
		if errors.Is(err, io.EOF) {
			return list.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(archived)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&list, "%s %o %s\n", h.Name, h.Mode, text)
	}
}

// A release as `make release` builds it, for this system.
func TestRelease(t *testing.T) {
	if !*builds {
		t.Skip("-builds was not given")
	}
	out := t.TempDir()
	version, err := release(filepath.Join("..", ".."), out, []target{{runtime.GOOS, runtime.GOARCH}})
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("mpcheck_%s_%s_%s", version, runtime.GOOS, runtime.GOARCH)
	if text, err := exec.Command("tar", "-xzf", filepath.Join(out, name+".tar.gz"), "-C", out).CombinedOutput(); err != nil {
		t.Fatalf("unpacking: %v\n%s", err, text)
	}
	inside := filepath.Join(out, name)
	for _, file := range []string{"LICENSE", "README.md", "man/mpcheck.1", "man/mpcheck-run.1", "completion/mpcheck.bash", "completion/_mpcheck"} {
		if read(t, filepath.Join(inside, file)) == "" {
			t.Errorf("%s is empty", file)
		}
	}
	program := filepath.Join(inside, "mpcheck")
	if text, err := exec.Command(program, "--version").Output(); err != nil || string(text) != "mpcheck version "+version+"\n" {
		t.Errorf("it says it is %q, want %s: %v", text, version, err)
	}
	if runtime.GOOS != "linux" {
		return
	}
	file, err := elf.Open(program)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, p := range file.Progs {
		if p.Type == elf.PT_INTERP {
			t.Error("it is not static: it asks for a dynamic linker")
		}
	}
}

// What `go install MODULE/cmd/mpcheck@VERSION` builds tells that version: from a proxy that has
// this tree as a version, and the modules that it needs as they are in this machine's cache.
func TestInstallTellsItsVersion(t *testing.T) {
	if !*builds {
		t.Skip("-builds was not given")
	}
	const module, version = "github.com/mpcheck/mpcheck", "v0.99.7"
	proxy, bin := t.TempDir(), t.TempDir()
	at := filepath.Join(proxy, filepath.FromSlash(module), "@v")
	if err := os.MkdirAll(at, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"list": version + "\n", version + ".info": `{"Version":"` + version + `"}`, version + ".mod": read(t, filepath.Join("..", "..", "go.mod")),
	} {
		if err := os.WriteFile(filepath.Join(at, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	packed, err := os.Create(filepath.Join(at, version+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(packed)
	files := exec.Command("git", "ls-files", "--cached", "--others", "--exclude-standard")
	files.Dir = filepath.Join("..", "..")
	list, err := files.Output()
	if err != nil {
		t.Skip("this is no clone:", err)
	}
	var nested []string // modules of their own, which the zip of a module has not
	for _, name := range strings.Fields(string(list)) {
		if path.Base(name) == "go.mod" && name != "go.mod" {
			nested = append(nested, path.Dir(name)+"/")
		}
	}
	for _, name := range strings.Fields(string(list)) {
		if slices.ContainsFunc(nested, func(folder string) bool { return strings.HasPrefix(name, folder) }) {
			continue
		}
		data, err := os.ReadFile(filepath.Join("..", "..", name))
		if errors.Is(err, os.ErrNotExist) {
			continue // taken away, not yet committed
		}
		if err != nil {
			t.Fatal(err)
		}
		w, err := z.Create(module + "@" + version + "/" + name)
		if err == nil {
			_, err = w.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(z.Close(), packed.Close()); err != nil {
		t.Fatal(err)
	}
	cache, err := exec.Command("go", "env", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "install", "-trimpath", "-modcacherw", module+"/cmd/mpcheck@"+version)
	cmd.Dir = proxy // outside of this module
	cmd.Env = append(os.Environ(), "GOBIN="+bin, "GOMODCACHE="+t.TempDir(), "GOSUMDB=off", "GOFLAGS=", "GOWORK=off",
		"GOPROXY=file://"+proxy+",file://"+filepath.Join(strings.TrimSpace(string(cache)), "cache", "download"))
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, text)
	}
	text, err := exec.Command(filepath.Join(bin, "mpcheck"), "--version").Output()
	if want := "mpcheck version " + version + "\n"; err != nil || string(text) != want {
		t.Errorf("got %q, want %q: %v", text, want, err)
	}
}
