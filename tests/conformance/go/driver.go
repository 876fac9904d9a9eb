// Runs the cases of ../cases.json with the official Go SDK, and prints one JSON object a line.
//
// Usage: driver RUN.json, a file that the runner writes: where the emulator is, its keys, the cases,
// and the kind of signature.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	imagesearch "github.com/alibabacloud-go/imagesearch-20201214/v4/client"
	openapiutil "github.com/alibabacloud-go/openapi-util/service"
	util "github.com/alibabacloud-go/tea-utils/v2/service"
	"github.com/alibabacloud-go/tea/tea"
)

const (
	version = "2020-12-14"
	polls   = 200
)

type key struct{ ID, Secret, Token string }

type spec struct {
	Name       string
	Operation  string
	Advance    bool
	Key        string
	Parameters map[string]any
	InQuery    []string `json:"in_query"`
	Save       map[string]string
	Until      map[string]any
}

type run struct {
	Endpoint  string
	Protocol  string
	Signature string
	CAFile    string `json:"ca_file"`
	Pictures  string
	Keys      map[string]key
	Cases     []spec
}

// told is what came of a case.
type told struct {
	Case    string   `json:"case"`
	Status  any      `json:"status,omitempty"`
	Fields  []string `json:"fields,omitempty"`
	Body    any      `json:"body,omitempty"`
	Error   *refusal `json:"error,omitempty"`
	Generic bool     `json:"generic,omitempty"`
	NotRun  bool     `json:"not_run,omitempty"`
}

type refusal struct {
	Code    *string `json:"code"`
	Status  *int    `json:"status"`
	Message string  `json:"message"`
}

func main() {
	if err := drive(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func drive(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var all run
	if err := json.Unmarshal(text, &all); err != nil {
		return err
	}
	// The part of the SDK that uploads takes no certificate from its caller.
	if err := os.Setenv("SSL_CERT_FILE", all.CAFile); err != nil {
		return err
	}
	known := map[string]any{}
	for _, operation := range operations() {
		known[operation] = knownOf(operation)
	}
	if err := say(map[string]any{"known": known}); err != nil {
		return err
	}
	saved := map[string]any{}
	for _, one := range all.Cases {
		if err := say(outcome(all, one, saved)); err != nil {
			return err
		}
	}
	return nil
}

func say(line any) error {
	text, err := json.Marshal(line)
	if err == nil {
		fmt.Println(string(text))
	}
	return err
}

// operations lists those that the client has a method for.
func operations() []string {
	client := reflect.TypeOf(&imagesearch.Client{})
	var names []string
	for index := 0; index < client.NumMethod(); index++ {
		if name, found := strings.CutSuffix(client.Method(index).Name, "WithOptions"); found {
			names = append(names, name)
		}
	}
	return names
}

func method(client *imagesearch.Client, name string) reflect.Value {
	return reflect.ValueOf(client).MethodByName(name)
}

// knownOf lists the parameters and the fields of the answer that the SDK has for an operation.
func knownOf(operation string) map[string]any {
	called := method(&imagesearch.Client{}, operation+"WithOptions").Type()
	parameters := map[string]bool{}
	walk(called.In(0), "", parameters)
	if advance := method(&imagesearch.Client{}, operation+"Advance"); advance.IsValid() {
		walk(advance.Type().In(0), "", parameters)
	}
	body, _ := called.Out(0).Elem().FieldByName("Body")
	fields := map[string]bool{}
	walk(body.Type, "", fields)
	return map[string]any{"parameters": sorted(parameters), "fields": sorted(fields)}
}

func walk(kind reflect.Type, prefix string, names map[string]bool) {
	for kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	for index := 0; index < kind.NumField(); index++ {
		field := kind.Field(index)
		name := prefix + wire(field)
		inner, separator := field.Type, "."
		if inner.Kind() == reflect.Slice {
			inner, separator = inner.Elem(), "[]."
		}
		for inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Struct {
			walk(inner, name+separator, names)
		} else {
			names[name] = true
		}
	}
}

func wire(field reflect.StructField) string {
	return strings.Split(field.Tag.Get("json"), ",")[0]
}

func sorted(names map[string]bool) []string {
	list := make([]string, 0, len(names))
	for name := range names {
		list = append(list, name)
	}
	sort.Strings(list)
	return list
}

func outcome(all run, one spec, saved map[string]any) told {
	line := told{Case: one.Name, Generic: !knows(one)}
	if line.Generic && one.Advance {
		// The SDK's generic call uploads nothing.
		return told{Case: one.Name, NotRun: true}
	}
	body, status, err := call(all, one, saved)
	if err != nil {
		line.Error = &refusal{Message: err.Error()}
		var known *tea.SDKError
		if errors.As(err, &known) {
			line.Error.Code, line.Error.Status = known.Code, known.StatusCode
		}
		return line
	}
	fields := map[string]bool{}
	paths(body, "", fields)
	line.Status, line.Fields, line.Body = status, sorted(fields), body
	return line
}

// knows tells whether the SDK has a method for a case, with all parameters that the case gives.
func knows(one spec) bool {
	called := methodOf(&imagesearch.Client{}, one)
	if !called.IsValid() {
		return false
	}
	names := map[string]bool{}
	walk(called.Type().In(0), "", names)
	for name := range one.Parameters {
		if !names[name] {
			return false
		}
	}
	return true
}

func methodOf(client *imagesearch.Client, one spec) reflect.Value {
	if one.Advance {
		return method(client, one.Operation+"Advance")
	}
	return method(client, one.Operation+"WithOptions")
}

func paths(value any, prefix string, fields map[string]bool) {
	switch value := value.(type) {
	case map[string]any:
		for name, inner := range value {
			if prefix != "" {
				name = prefix + "." + name
			}
			paths(inner, name, fields)
		}
	case []any:
		for _, inner := range value {
			paths(inner, prefix+"[]", fields)
		}
	case nil:
	default:
		// A list of plain values is one field.
		fields[strings.TrimSuffix(prefix, "[]")] = true
	}
}

// call calls once, or until a field has the value that the case waits for.
func call(all run, one spec, saved map[string]any) (any, any, error) {
	for count := 0; count < polls; count++ {
		body, status, err := callOnce(all, one, saved)
		if err != nil {
			return nil, nil, err
		}
		if one.Until == nil || at(body, one.Until["path"].(string)) == one.Until["is"] {
			for name, place := range one.Save {
				saved[name] = at(body, place)
			}
			return body, status, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return nil, nil, fmt.Errorf("%v did not come true", one.Until)
}

func at(value any, place string) any {
	for _, part := range strings.Split(place, ".") {
		switch inner := value.(type) {
		case map[string]any:
			value = inner[part]
		case []any:
			index, err := strconv.Atoi(part)
			if err != nil || index >= len(inner) {
				return nil
			}
			value = inner[index]
		default:
			return nil
		}
	}
	return value
}

func callOnce(all run, one spec, saved map[string]any) (any, any, error) {
	client, err := clientFor(all, one)
	if err != nil {
		return nil, nil, err
	}
	authority, err := os.ReadFile(all.CAFile)
	if err != nil {
		return nil, nil, err
	}
	runtime := &util.RuntimeOptions{
		Ca:             tea.String(string(authority)),
		ReadTimeout:    tea.Int(30000),
		ConnectTimeout: tea.Int(5000),
	}
	var answered any
	if knows(one) {
		answered, err = callTyped(client, all, one, saved, runtime)
	} else {
		answered, err = callGeneric(client, all, one, saved, runtime)
	}
	if err != nil {
		return nil, nil, err
	}
	text, err := json.Marshal(answered)
	var answer map[string]any
	if err == nil {
		err = json.Unmarshal(text, &answer)
	}
	return answer["body"], answer["statusCode"], err
}

// callTyped uses the SDK's method for the operation.
func callTyped(
	client *imagesearch.Client, all run, one spec, saved map[string]any, runtime *util.RuntimeOptions,
) (any, error) {
	called := methodOf(client, one)
	request := reflect.New(called.Type().In(0).Elem())
	for index := 0; index < request.Elem().NumField(); index++ {
		value, has := one.Parameters[wire(request.Elem().Type().Field(index))]
		if !has {
			continue
		}
		value, err := given(all, value, saved)
		if err == nil {
			err = set(request.Elem().Field(index), value)
		}
		if err != nil {
			return nil, err
		}
	}
	results := called.Call([]reflect.Value{request, reflect.ValueOf(runtime)})
	failure, _ := results[1].Interface().(error)
	return results[0].Interface(), failure
}

// callGeneric calls what this release of the SDK has no method or parameter for, as its users would.
func callGeneric(
	client *imagesearch.Client, all run, one spec, saved map[string]any, runtime *util.RuntimeOptions,
) (any, error) {
	query, form := map[string]any{}, map[string]any{}
	for name, value := range one.Parameters {
		value, err := given(all, value, saved)
		if err != nil {
			return nil, err
		}
		if slices.Contains(one.InQuery, name) {
			query[name] = value
		} else {
			form[name] = value
		}
	}
	params := &openapi.Params{
		Action:      tea.String(one.Operation),
		Version:     tea.String(version),
		Protocol:    tea.String("HTTPS"),
		Pathname:    tea.String("/"),
		Method:      tea.String("POST"),
		AuthType:    tea.String("AK"),
		Style:       tea.String("RPC"),
		ReqBodyType: tea.String("formData"),
		BodyType:    tea.String("json"),
	}
	request := &openapi.OpenApiRequest{Query: openapiutil.Query(query), Body: form}
	return client.CallApi(params, request, runtime)
}

// given turns what stands for a picture, or for what was saved, into it.
func given(all run, value any, saved map[string]any) (any, error) {
	special, has := value.(map[string]any)
	if !has {
		return value, nil
	}
	if name, has := special["saved"].(string); has {
		return saved[name], nil
	}
	content, err := os.ReadFile(filepath.Join(all.Pictures, special["picture"].(string)))
	if err != nil {
		return nil, err
	}
	if special["as"] == "stream" {
		return bytes.NewReader(content), nil
	}
	return base64.StdEncoding.EncodeToString(content), nil
}

// set gives a field of a request its value: a stream, or anything that JSON can carry to its type.
func set(field reflect.Value, value any) error {
	if stream, has := value.(io.Reader); has {
		field.Set(reflect.ValueOf(stream))
		return nil
	}
	// What an answer has as a text, a request may want as a number.
	if text, has := value.(string); has && field.Type().Elem().Kind() != reflect.String {
		value = json.RawMessage(text)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, field.Addr().Interface())
}

func clientFor(all run, one spec) (*imagesearch.Client, error) {
	used := all.Keys[one.Key]
	config := &openapi.Config{
		AccessKeyId:     tea.String(used.ID),
		AccessKeySecret: tea.String(used.Secret),
		Endpoint:        tea.String(all.Endpoint),
		Protocol:        tea.String(all.Protocol),
		RegionId:        tea.String("cn-shanghai"),
	}
	if used.Token != "" {
		config.SecurityToken = tea.String(used.Token)
	}
	if all.Signature == "HMAC-SHA1" {
		config.SignatureAlgorithm = tea.String("v2")
	}
	client, err := imagesearch.NewClient(config)
	if err == nil {
		// Without this line, uploads leave the machine.
		client.OpenPlatformEndpoint = tea.String(all.Endpoint)
	}
	return client, err
}
