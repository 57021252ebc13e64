package conformance_test

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/internal/tier"
	"github.com/mpcheck/mpcheck/internal/trial"
	"github.com/mpcheck/mpcheck/spec"
)

// schemas are those of docs/schema: of what the harness sends and of what an adapter does.
type schemas struct{ fromHarness, fromAdapter *jsonschema.Schema }

func readSchemas(t *testing.T) (s schemas) {
	t.Helper()
	for name, into := range map[string]**jsonschema.Schema{"from-harness": &s.fromHarness, "from-adapter": &s.fromAdapter} {
		compiled, err := jsonschema.NewCompiler().Compile(filepath.Join("..", "docs", "schema", name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		*into = compiled
	}
	return s
}

func (s schemas) judge(sent bool, line []byte) error {
	message, err := jsonschema.UnmarshalJSON(bytes.NewReader(line))
	if err != nil {
		return err
	}
	if sent {
		return s.fromHarness.Validate(message)
	}
	return s.fromAdapter.Validate(message)
}

// overheard hands what is said while a system is open to somebody else.
type overheard struct {
	spec.Adapter
	heard func(sent bool, line []byte)
}

func (o overheard) Open(ctx context.Context, cfg spec.SystemConfig) (spec.System, error) {
	cfg.Messages = o.heard
	return o.Adapter.Open(ctx, cfg)
}

// What is said over the wire in a run of cases, by native and by the simulator, is what the schemas allow; so is the
// conversation that docs/protocol.md shows. make comparisons has all cases.
func TestConversationsAreAsTheSchemasSay(t *testing.T) {
	t.Parallel()
	allowed := readSchemas(t)
	page, err := os.ReadFile(filepath.Join("..", "docs", "protocol.md"))
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for scan := bufio.NewScanner(bytes.NewReader(page)); scan.Scan(); {
		mark, line, _ := strings.Cut(scan.Text(), " ")
		if (mark != "->" && mark != "<-") || !strings.HasPrefix(line, "{") {
			continue
		}
		lines++
		// The page speaks of a stand-in, whose claims are few.
		if err := allowed.judge(mark == "->", []byte(line)); err != nil {
			t.Errorf("docs/protocol.md: %s: %v", line, err)
		}
	}
	if lines < 20 {
		t.Errorf("docs/protocol.md shows %d lines", lines)
	}
	chosen := []string{
		"PROC-NAME-5", "PROC-PS-1", "BIND-4", "CLEAN-DUP-7", "CLEAN-ERR-1", "DEP-1", "SEND-DEAD-2", "SEND-TMO-4", "MBOX-READ-1", "EVENT-GHE-1",
		"REAP-STAT-1", "EXT-IO-2", "EXT-HOOK-1", "EXT-STAT-1", "INIT-START-1", "INIT-SCRIPT-1",
	}
	if tier.Whole() {
		chosen = []string{"*"}
	}
	for _, name := range []string{"refimpl", "native"} {
		t.Run(name, func(t *testing.T) {
			adapter, err := served(name)
			if err != nil {
				t.Fatal(err)
			}
			defer adapter.Close()
			var mu sync.Mutex
			said := map[bool]map[string]bool{true: {}, false: {}}
			judged, faults := 0, 0
			listening := overheard{adapter, func(sent bool, line []byte) {
				kind := kindOf(line)
				mu.Lock()
				defer mu.Unlock()
				// One in ten of what is said often: a schema of all operations is slow.
				if said[sent][kind] && judged%10 != 0 {
					judged++
					return
				}
				said[sent][kind] = true
				judged++
				if err := allowed.judge(sent, line); err != nil && faults < 5 {
					faults++
					t.Errorf("sent %v: %s: %v", sent, spec.Brief(string(line), 400), err)
				}
			}}
			if _, err := run.Execute(context.Background(), run.Config{TrustKit: true, Adapter: listening, Cases: trial.Select(t, chosen...), Schedules: 1}); err != nil {
				t.Fatal(err)
			}
			if len(said[true]) < 40 {
				t.Errorf("only %d kinds of messages were sent", len(said[true]))
			}
		})
	}
}

// kindOf is what a message is called by: its method and its operation.
func kindOf(line []byte) string {
	word := func(name string) string {
		_, rest, _ := bytes.Cut(line, []byte(`"`+name+`":"`))
		value, _, _ := bytes.Cut(rest, []byte(`"`))
		return string(value)
	}
	return word("method") + " " + word("op") + " " + word("status")
}

// What the protocol refuses the schemas refuse too.
func TestSchemasRefuseWhatTheProtocolDoes(t *testing.T) {
	allowed := readSchemas(t)
	const (
		enter  = `"jsonrpc":"2.0","id":1,"method":"enter","params":`
		result = `"jsonrpc":"2.0","id":1,"result":`
		call   = `"jsonrpc":"2.0","id":1,"method":"call","params":`
	)
	for _, line := range []string{
		`{` + result + `{}}`,
		`{` + result + `{"status":"gone"}}`,
		`{` + result + `{"status":"returned","values":[[1,{"dotted":[1,2]}],{"int":"9007199254740992"},{"ref":"p1","type":"process"}]}}`,
		`{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"what?"}}`,
		`{` + enter + `{"system":"s","frame":"f","callback":0,"process":null,"args":[]}}`,
		`{` + enter + `{"system":"s","frame":"f","callback":1,"process":null,"args":[],"image":2}}`,
		`{"jsonrpc":"2.0","id":1,"method":"attach","params":{"token":"image-1","pid":7}}`,
	} {
		if err := allowed.judge(false, []byte(line)); err != nil {
			t.Errorf("refused: %s: %v", line, err)
		}
	}
	for _, line := range []string{
		`[]`, `{}`, `null`,
		`{"id":1,"result":{}}`,
		`{"jsonrpc":"1.0","id":1,"result":{}}`,
		`{"jsonrpc":"2.0","result":{}}`,
		`{"jsonrpc":"2.0","id":null,"result":{}}`,
		`{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":""}}`,
		`{"jsonrpc":"2.0","id":1,"error":{"message":""}}`,
		`{` + result + `{"status":"returned"}}`,
		`{` + result + `{"status":"returned","values":null}}`,
		`{` + result + `{"status":"returned","values":[],"condition":{"type":"e"}}}`,
		`{` + result + `{"status":"signalled"}}`,
		`{` + result + `{"status":"signalled","condition":{"type":""}}}`,
		`{` + result + `{"status":"signaled","condition":{"type":"e"}}}`,
		`{` + result + `{"status":"gone","values":[]}}`,
		`{` + result + `{"status":"gone","more":1}}`,
		`{` + result + `{"status":"returned","values":[false]}}`,
		`{` + result + `{"status":"returned","values":[1.5]}}`,
		`{` + result + `{"status":"returned","values":[9007199254740992]}}`,
		`{` + result + `{"status":"returned","values":[[]]}}`,
		`{` + result + `{"status":"returned","values":[{}]}}`,
		`{` + result + `{"status":"returned","values":[{"char":"ab"}]}}`,
		`{` + result + `{"status":"returned","values":[{"ref":""}]}}`,
		`{` + result + `{"status":"returned","values":[{"int":"x"}]}}`,
		`{` + result + `{"status":"returned","values":[{"double":"fast"}]}}`,
		`{` + result + `{"status":"returned","values":[{"dotted":[1]}]}}`,
		`{` + result + `{"status":"returned","values":[{"callback":1}]}}`,
		`{` + result + `{"status":"returned","values":[{"key":"a","sym":"b"}]}}`,
		`{` + enter + `{"system":"s","frame":"f","callback":0,"args":[]}}`,
		`{` + enter + `{"system":"s","frame":"","callback":0,"process":null,"args":[]}}`,
		`{` + enter + `{"system":"s","frame":"f","callback":-1,"process":null,"args":[]}}`,
		`{` + enter + `{"system":"s","frame":"` + strings.Repeat("f", 1001) + `","callback":0,"process":null,"args":[]}}`,
		`{` + enter + `{"system":"s","frame":"f","callback":0,"process":null,"args":null}}`,
		`{` + call + `{"system":"s","frame":"f","op":"new","args":[],"keys":[]}}`,
		`{"jsonrpc":"2.0","id":1,"method":"leave","params":{}}`,
		`{` + enter + `{"system":"s","frame":"f","callback":1,"process":null,"args":[],"image":0}}`,
		`{"jsonrpc":"2.0","id":1,"method":"attach","params":{"token":"image-1"}}`,
		`{` + result + `{"stuck":{"op":"x"}}}`,
		`{` + result + `{"broken":""}}`,
		`{` + result + `{"processes":-1,"children":0,"unclean":false}}`,
	} {
		if allowed.judge(false, []byte(line)) == nil {
			t.Errorf("allowed from an adapter: %s", line)
		}
	}
	for _, line := range []string{
		`{` + call + `{"system":"s","frame":"f","op":"new","args":[{"callback":1}],"keys":[["size",2]]}}`,
		`{` + result + `{"values":[]}}`,
		`{` + result + `{"system":"s1","image":1}}`,
		`{"jsonrpc":"2.0","id":1,"method":"open","params":{"system":"s","seed":"18446744073709551615"}}`,
	} {
		if err := allowed.judge(true, []byte(line)); err != nil {
			t.Errorf("refused: %s: %v", line, err)
		}
	}
	for _, line := range []string{
		`{` + call + `{"system":"s","frame":"f","op":"no-such-operation","args":[],"keys":[]}}`,
		`{` + call + `{"system":"s","frame":"f","op":"new","args":[],"keys":[["size"]]}}`,
		`{` + call + `{"system":"s","frame":"f","op":"new","args":[],"keys":[["size",1,2]]}}`,
		`{` + call + `{"system":"s","op":"new","args":[],"keys":[]}}`,
		`{"jsonrpc":"2.0","id":1,"method":"open","params":{"system":"s","seed":7}}`,
		`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"system":"s"}}`,
		`{` + enter + `{"system":"s","frame":"f","callback":0,"process":null,"args":[]}}`,
	} {
		if allowed.judge(true, []byte(line)) == nil {
			t.Errorf("allowed from the harness: %s", line)
		}
	}
}
