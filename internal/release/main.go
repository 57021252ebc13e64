// Command release builds what is handed out: static programs for each system, each in an archive with
// the licence, the man pages and the completions, and the checksums of all. Run it by `make release`.
// The version is that of the build information: a tag, where the tree is clean and at one.
package main

import (
	"debug/buildinfo"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// targets are the systems that are built for. Only Linux is complete; see the README.
var targets = []target{{"linux", "amd64"}, {"linux", "arm64"}, {"darwin", "amd64"}, {"darwin", "arm64"}, {"windows", "amd64"}}

type target struct{ os, arch string }

func (t target) String() string { return t.os + "/" + t.arch }

func main() {
	log.SetFlags(0)
	out := flag.String("out", filepath.Join("out", "release"), "folder of the archives; what is there is replaced")
	only := flag.String("only", "", "build for this system alone, as linux/amd64")
	flag.Parse()
	chosen := targets
	if *only != "" {
		system, arch, _ := strings.Cut(*only, "/")
		chosen = []target{{system, arch}}
	}
	version, err := release(".", *out, chosen)
	if err != nil {
		log.Fatal("release: ", err)
	}
	fmt.Printf("%s in %s, checksums in %s\n", version, *out, sumsName)
	if !strings.HasPrefix(version, "v") || strings.Contains(version, "-0.") || strings.Contains(version, "+dirty") {
		fmt.Println("This is no release: for one, tag a clean tree, as in git tag v0.1.0.")
	}
}

// release builds for each target and packs. root is the module's folder.
func release(root, out string, targets []target) (version string, err error) {
	work, err := os.MkdirTemp("", "mpcheck-release-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	host := filepath.Join(work, "host")
	if version, err = build(root, host, target{runtime.GOOS, runtime.GOARCH}); err != nil {
		return "", err
	}
	common, err := pages(root, host, filepath.Join(work, "share"))
	if err != nil {
		return "", err
	}
	if err := os.RemoveAll(out); err != nil {
		return "", err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return "", err
	}
	for _, t := range targets {
		program := filepath.Join(work, t.os+"_"+t.arch)
		if t.os == runtime.GOOS && t.arch == runtime.GOARCH {
			program = host
		} else if other, err := build(root, program, t); err != nil {
			return "", err
		} else if other != version {
			return "", fmt.Errorf("the version of %s is %s, that of this system %s: did the tree change meanwhile?", t, other, version)
		}
		if err := pack(out, version, t, program, common); err != nil {
			return "", err
		}
	}
	return version, checksums(out)
}

// build builds the program and returns the version that it will tell. Nothing of the machine that
// builds it is in it, so that others who build the same commit get the same bytes.
func build(root, program string, t target) (version string, err error) {
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=true", "-ldflags=-s -w", "-o", program, "./cmd/mpcheck")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+t.os, "GOARCH="+t.arch)
	if text, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building for %s: %w\n%s", t, err, text)
	}
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return "", fmt.Errorf("reading what was built for %s: %w", t, err)
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v, nil
	}
	return "devel", nil
}

// pages gathers what every archive has beside the program, by the names that it has there.
func pages(root, program, work string) (map[string]string, error) {
	files := map[string]string{"LICENSE": filepath.Join(root, "LICENSE"), "README.md": filepath.Join(root, "README.md")}
	if text, err := exec.Command(program, "man", filepath.Join(work, "man")).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("writing the man pages: %w\n%s", err, text)
	}
	manuals, err := filepath.Glob(filepath.Join(work, "man", "*.1"))
	if err != nil || len(manuals) == 0 {
		return nil, fmt.Errorf("there are no man pages in %s: %v", work, err)
	}
	for _, page := range manuals {
		files["man/"+filepath.Base(page)] = page
	}
	for shell, name := range map[string]string{"bash": "mpcheck.bash", "zsh": "_mpcheck", "fish": "mpcheck.fish", "powershell": "mpcheck.ps1"} {
		text, err := exec.Command(program, "completion", shell).Output()
		if err != nil {
			return nil, fmt.Errorf("writing the completion of %s: %w", shell, err)
		}
		path := filepath.Join(work, name)
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return nil, err
		}
		files["completion/"+name] = path
	}
	return files, nil
}
