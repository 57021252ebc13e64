package main

import (
	"encoding/json"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// The schemas say what each side may send, as JSON Schema: a message of a whole line. What a schema can't say - that an id is
// answered once, which answer belongs to which request, that a frame is known - docs/protocol.md says.

type schema = map[string]any

// object is a schema of an object that has these members and no others.
func object(required []string, members schema) schema {
	return schema{"type": "object", "properties": members, "required": required, "additionalProperties": false}
}

func one(of ...any) schema         { return schema{"oneOf": of} }
func some(of ...any) schema        { return schema{"anyOf": of} }
func listOf(item any) schema       { return schema{"type": "array", "items": item} }
func constant(v any) schema        { return schema{"const": v} }
func defined(name string) schema   { return schema{"$ref": "#/$defs/" + name} }
func text(pattern string) schema   { return schema{"type": "string", "pattern": pattern} }
func enum[T any](words []T) schema { return schema{"enum": words} }

var (
	anyText = schema{"type": "string"}
	aName   = schema{"type": "string", "minLength": 1}
	aBool   = schema{"type": "boolean"}
	// depth is for readers: how deep lists nest no schema can say.
	depth = "Lists nest 200 deep at most."
)

// plainInteger is what stands as a number: below 2^53 in both directions.
var plainInteger = schema{"type": "integer", "exclusiveMinimum": -(1 << 53), "exclusiveMaximum": 1 << 53}

// values are the definitions of values, with code or without.
func values(code bool) schema {
	tagged := func(tag string, v any) schema { return object([]string{tag}, schema{tag: v}) }
	float := text(`^(nan|[+-]inf|-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?)$`)
	forms := []any{
		schema{"type": "null"}, constant(true), plainInteger, anyText,
		schema{"type": "array", "items": defined("value"), "minItems": 1, "description": "a proper list; the empty one is null. " + depth},
		tagged("int", text(`^-?[0-9]+$`)), tagged("ratio", text(`^-?[0-9]+/[0-9]+$`)), tagged("single", float), tagged("double", float),
		tagged("char", schema{"type": "string", "minLength": 1, "maxLength": 1}), tagged("path", anyText), tagged("key", anyText),
		object([]string{"sym"}, schema{"sym": anyText, "pkg": anyText}),
		object([]string{"ref"}, schema{"ref": schema{"type": "string", "minLength": 1, "maxLength": 1000}, "type": anyText}),
		tagged("dotted", schema{"type": "array", "items": defined("value"), "minItems": 2, "description": "elements, and last the tail, an atom but nil"}),
	}
	if code {
		forms = append(forms, tagged("callback", schema{"type": "integer", "minimum": 0}))
	}
	return one(forms...)
}

// message is a schema of one line: one of these requests, or an answer with one of these results, or with an error.
func message(title, from string, definitions schema, requests, results []any) schema {
	envelope := schema{"jsonrpc": constant("2.0"), "id": schema{"type": []string{"number", "string"}}}
	line := func(member string, v any, required ...string) schema {
		members := schema{member: v}
		for name, s := range envelope {
			members[name] = s
		}
		return object(append(append([]string{"jsonrpc", "id"}, required...), member), members)
	}
	forms := append(slices.Clone(requests), line("result", some(results...)))
	failed := line("error", object([]string{"code", "message"}, schema{"code": schema{"type": "integer"}, "message": anyText, "data": true}))
	failed["properties"].(schema)["id"] = schema{"type": []string{"number", "string", "null"}}
	forms = append(forms, failed)
	definitions["value"] = values(from == "harness")
	return schema{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title,
		"description": "Written by internal/docgen: run make generate. Contract " + spec.ContractVersion + ".",
		"$defs":       definitions, "oneOf": forms,
	}
}

func request(method string, params schema) schema {
	return object([]string{"jsonrpc", "id", "method", "params"}, schema{
		"jsonrpc": constant("2.0"), "id": schema{"type": []string{"number", "string"}}, "method": constant(method), "params": params,
	})
}

var empty = object([]string{}, schema{})

// fromHarness is what an adapter reads.
func fromHarness() schema {
	var names []string
	for _, op := range spec.Ops {
		names = append(names, op.Name)
	}
	system := object([]string{"system"}, schema{"system": aName})
	return message("What the harness sends", "harness", schema{}, []any{
		request("hello", object([]string{"contract", "harness"}, schema{"contract": constant(spec.ContractVersion), "harness": aName})),
		request("open", object([]string{"system", "seed"}, schema{"system": aName, "seed": text(`^[0-9]{1,20}$`)})),
		request("call", object([]string{"system", "frame", "op", "args", "keys"}, schema{
			"system": aName, "frame": aName, "op": enum(names), "args": listOf(defined("value")),
			"keys": listOf(schema{"type": "array", "prefixItems": []any{aName, defined("value")}, "minItems": 2, "maxItems": 2}),
		})),
		request("abort", system), request("finish", system), request("close", system), request("ping", empty), request("bye", empty),
	}, []any{
		object([]string{"values"}, schema{"values": listOf(defined("value"))}),
		object([]string{"system", "image"}, schema{"system": aName, "image": schema{"type": "integer", "minimum": 1}}), // of attach
	})
}

// fromAdapter is what an adapter writes.
func fromAdapter() schema {
	claims := schema{}
	for _, op := range spec.Ops {
		for _, name := range append([]string{op.Name}, op.Extras...) {
			if spec.Claimable(name) {
				claims[name] = enum([]spec.Claim{spec.Native, spec.Composed})
			}
		}
	}
	profile := listOf(text("^(" + alternatives(spec.Profiles) + ")(:(" + alternatives(spec.Areas) + "))?$"))
	handshake := object([]string{"contract", "name", "version", "capabilities", "profile", "operations", "clock", "granularityMs", "pid"}, schema{
		"contract": constant(spec.ContractVersion), "name": aName, "version": anyText, "capabilities": listOf(enum(spec.Capabilities)), "profile": profile,
		"operations": schema{"type": "object", "properties": claims, "additionalProperties": false}, "clock": enum([]spec.Clock{spec.Real, spec.Virtual}),
		"granularityMs": schema{"type": "integer", "minimum": 0, "maximum": 1000}, "pid": schema{"type": "integer", "minimum": 0},
	})
	status := func(name string, required []string, members schema) schema {
		members["status"] = constant(name)
		return object(append([]string{"status"}, required...), members)
	}
	outcome := some(
		status("returned", []string{"values"}, schema{"values": listOf(defined("value"))}),
		status("signalled", []string{"condition"}, schema{"condition": object([]string{"type"}, schema{"type": aName, "message": anyText, "continuable": aBool})}),
		status("gone", nil, schema{}), status("absent", nil, schema{}), status("aborted", nil, schema{}),
	)
	wait := object([]string{"process", "op", "for"}, schema{
		"process": anyText, "op": anyText, "for": anyText, "on": anyText, "by": listOf(anyText), "only": aBool,
	})
	finished := some(
		object([]string{"stuck"}, schema{"stuck": object([]string{"op", "waits", "proven"}, schema{
			"op": anyText, "waits": listOf(anyText), "proven": aBool, "graph": listOf(wait),
		})}),
		object([]string{"broken"}, schema{"broken": aName}),
	)
	count := schema{"type": "integer", "minimum": 0}
	left := object([]string{"processes", "children", "unclean"}, schema{"processes": count, "children": count, "unclean": aBool})
	return message("What an adapter sends", "adapter", schema{}, []any{
		request("enter", object([]string{"system", "frame", "callback", "process", "args"}, schema{
			"system": aName, "frame": schema{"type": "string", "minLength": 1, "maxLength": 1000}, "callback": schema{"type": "integer", "minimum": 0},
			"process": defined("value"), "args": listOf(defined("value")), "image": schema{"type": "integer", "minimum": 1},
		})),
		request("attach", object([]string{"token", "pid"}, schema{"token": aName, "pid": schema{"type": "integer", "minimum": 1}})),
	}, []any{empty, handshake, outcome, finished, left})
}

func alternatives(words []string) string {
	out := ""
	for i, w := range words {
		if i > 0 {
			out += "|"
		}
		for _, r := range w {
			if r == '+' || r == '.' {
				out += `\`
			}
			out += string(r)
		}
	}
	return out
}

// written is a schema as a page.
func written(s schema) (string, error) {
	data, err := json.MarshalIndent(s, "", " ")
	return string(data) + "\n", err
}
