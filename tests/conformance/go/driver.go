// Runs the cases of ../cases.json with the official Go SDK, and prints one JSON object a line.
//
// Usage: driver RUN.json, a file that the runner writes: where the emulator is, its keys, the cases,
// and the kind of signature.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"time"

	openapiutil "github.com/alibabacloud-go/darabonba-openapi/v2/utils"
	imagesearch "github.com/alibabacloud-go/imagesearch-20201214/v4/client"
	"github.com/alibabacloud-go/tea/dara"
)

const polls = 200

type key struct{ ID, Secret, Token string }

type spec struct {
	Name       string
	Operation  string
	Advance    bool
	Key        string
	Parameters map[string]any
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

func main() {
	text, err := os.ReadFile(os.Args[1])
	var all run
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	known := map[string]any{}
	for _, operation := range operations() {
		known[operation] = knownOf(operation)
	}
	say(map[string]any{"known": known})
	saved := map[string]any{}
	for _, one := range all.Cases {
		line := outcome(all, one, saved)
		line["case"] = one.Name
		say(line)
	}
}

func say(line any) {
	text, _ := json.Marshal(line)
	fmt.Println(string(text))
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

func outcome(all run, one spec, saved map[string]any) map[string]any {
	body, status, err := call(all, one, saved)
	if err != nil {
		failure := map[string]any{"code": nil, "message": err.Error()}
		if coded, has := err.(interface{ GetCode() *string }); has && coded.GetCode() != nil {
			failure["code"] = *coded.GetCode()
		} else if value := reflect.Indirect(reflect.ValueOf(err)); value.Kind() == reflect.Struct {
			if field := value.FieldByName("Code"); field.IsValid() {
				if code, has := field.Interface().(*string); has && code != nil {
					failure["code"] = *code
				}
			}
		}
		return map[string]any{"error": failure}
	}
	fields := map[string]bool{}
	paths(body, "", fields)
	return map[string]any{"status": status, "fields": sorted(fields), "body": body}
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
	name := one.Operation + "WithOptions"
	if one.Advance {
		name = one.Operation + "Advance"
	}
	called := method(client, name)
	request := reflect.New(called.Type().In(0).Elem())
	for index := 0; index < request.Elem().NumField(); index++ {
		value, has := one.Parameters[wire(request.Elem().Type().Field(index))]
		if !has {
			continue
		}
		if err := set(request.Elem().Field(index), all, value, saved); err != nil {
			return nil, nil, err
		}
	}
	authority, err := os.ReadFile(all.CAFile)
	if err != nil {
		return nil, nil, err
	}
	runtime := &dara.RuntimeOptions{
		Ca:             dara.String(string(authority)),
		ReadTimeout:    dara.Int(30000),
		ConnectTimeout: dara.Int(5000),
	}
	results := called.Call([]reflect.Value{request, reflect.ValueOf(runtime)})
	if failure, has := results[1].Interface().(error); has && failure != nil {
		return nil, nil, failure
	}
	text, err := json.Marshal(results[0].Interface())
	var answer map[string]any
	if err == nil {
		err = json.Unmarshal(text, &answer)
	}
	return answer["body"], answer["statusCode"], err
}

// set gives a field of a request its value: a stream, or anything that JSON can carry to its type.
func set(field reflect.Value, all run, value any, saved map[string]any) error {
	if special, has := value.(map[string]any); has {
		if name, has := special["saved"].(string); has {
			value = saved[name]
		} else {
			file := filepath.Join(all.Pictures, special["picture"].(string))
			content, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			if special["as"] == "stream" {
				field.Set(reflect.ValueOf(bytes.NewReader(content)))
				return nil
			}
			value = base64.StdEncoding.EncodeToString(content)
		}
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
	config := &openapiutil.Config{
		AccessKeyId:     dara.String(used.ID),
		AccessKeySecret: dara.String(used.Secret),
		Endpoint:        dara.String(all.Endpoint),
		Protocol:        dara.String(all.Protocol),
		RegionId:        dara.String("cn-shanghai"),
	}
	if used.Token != "" {
		config.SecurityToken = dara.String(used.Token)
	}
	if all.Signature == "HMAC-SHA1" {
		config.SignatureAlgorithm = dara.String("v2")
	}
	client, err := imagesearch.NewClient(config)
	if err == nil {
		// Without this line, uploads leave the machine.
		client.OpenPlatformEndpoint = dara.String(all.Endpoint)
	}
	return client, err
}
