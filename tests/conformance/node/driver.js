// Runs the cases of ../cases.json with the official Node SDK, and prints one JSON object a line.
//
// Usage: node driver.js RUN.json, a file that the runner writes: where the emulator is, its keys, the
// cases, and the kind of signature. NODE_PATH names the folder of the installed packages.
'use strict';

const fs = require('fs');
const path = require('path');
const { Readable } = require('stream');

const imagesearch = require('@alicloud/imagesearch20201214');
const { $OpenApiUtil } = require('@alicloud/openapi-core');
const $dara = require('@darabonba/typescript');

const POLLS = 200;

async function main() {
  const run = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
  const known = {};
  for (const operation of operations()) known[operation] = knownOf(operation);
  say({ known });
  const saved = {};
  for (const spec of run.cases) say({ case: spec.name, ...(await outcome(run, spec, saved)) });
}

function say(line) {
  process.stdout.write(JSON.stringify(line) + '\n');
}

// Lists the operations that the SDK has a request for.
function operations() {
  const names = Object.keys(imagesearch).filter((name) => name.endsWith('Request'));
  const short = names.map((name) => name.slice(0, -'Request'.length));
  return short.filter((name) => !name.endsWith('Advance')).sort();
}

// Lists the parameters and the fields of the answer that the SDK has for an operation.
function knownOf(operation) {
  const parameters = new Set(Object.values(imagesearch[operation + 'Request'].names()));
  const advance = imagesearch[operation + 'AdvanceRequest'];
  if (advance) Object.values(advance.names()).forEach((name) => parameters.add(name));
  const fields = new Set();
  walk(imagesearch[operation + 'ResponseBody'], '', fields);
  return { parameters: [...parameters].sort(), fields: [...fields].sort() };
}

function walk(model, prefix, fields) {
  const types = model.types();
  for (const [name, wire] of Object.entries(model.names())) {
    const type = types[name];
    if (type.type === 'array' && type.itemType.names) {
      walk(type.itemType, prefix + wire + '[].', fields);
    } else if (type.names) {
      walk(type, prefix + wire + '.', fields);
    } else {
      fields.add(prefix + wire);
    }
  }
}

async function outcome(run, spec, saved) {
  try {
    const { body, status } = await call(run, spec, saved);
    const fields = new Set();
    paths(body, '', fields);
    return { status, fields: [...fields].sort(), body };
  } catch (error) {
    const status = error.statusCode || (error.data && error.data.statusCode) || null;
    return { error: { code: error.code || null, status, message: String(error.message) } };
  }
}

function paths(value, prefix, fields) {
  if (Array.isArray(value)) {
    value.forEach((inner) => paths(inner, prefix + '[]', fields));
  } else if (value !== null && typeof value === 'object') {
    for (const [name, inner] of Object.entries(value)) {
      paths(inner, prefix ? prefix + '.' + name : name, fields);
    }
  } else if (value !== null && value !== undefined) {
    // A list of plain values is one field.
    fields.add(prefix.replace(/\[\]$/, ''));
  }
}

// Calls once, or until a field has the value that the case waits for.
async function call(run, spec, saved) {
  for (let count = 0; count < POLLS; count++) {
    const response = await callOnce(run, spec, saved);
    const body = response.body.toMap();
    if (!spec.until || at(body, spec.until.path) === spec.until.is) {
      for (const [name, place] of Object.entries(spec.save || {})) saved[name] = at(body, place);
      return { body, status: response.statusCode };
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${JSON.stringify(spec.until)} did not come true`);
}

function at(value, place) {
  return place.split('.').reduce((inner, part) => (inner ? inner[part] : undefined), value);
}

function callOnce(run, spec, saved) {
  const kind = spec.advance ? 'AdvanceRequest' : 'Request';
  const model = imagesearch[spec.operation + kind];
  const names = Object.fromEntries(Object.entries(model.names()).map(([name, wire]) => [wire, name]));
  const values = {};
  for (const [wire, value] of Object.entries(spec.parameters)) {
    values[names[wire]] = given(run, value, saved);
  }
  const runtime = new $dara.RuntimeOptions({
    ca: fs.readFileSync(run.ca_file, 'utf8'),
    readTimeout: 30000,
    connectTimeout: 5000,
  });
  const method = spec.operation[0].toLowerCase() + spec.operation.slice(1);
  const client = clientFor(run, spec);
  return client[method + (spec.advance ? 'Advance' : 'WithOptions')](new model(values), runtime);
}

function given(run, value, saved) {
  if (value === null || typeof value !== 'object') return value;
  if ('saved' in value) return saved[value.saved];
  const content = fs.readFileSync(path.join(run.pictures, value.picture));
  return value.as === 'stream' ? Readable.from([content]) : content.toString('base64');
}

function clientFor(run, spec) {
  const key = run.keys[spec.key || 'ordinary'];
  const config = new $OpenApiUtil.Config({
    accessKeyId: key.id,
    accessKeySecret: key.secret,
    securityToken: key.token,
    endpoint: run.endpoint,
    protocol: run.protocol,
    regionId: 'cn-shanghai',
    signatureAlgorithm: run.signature === 'HMAC-SHA1' ? 'v2' : undefined,
  });
  const client = new imagesearch.default(config);
  // The setting of the same name in Config is not copied here: without this line, uploads leave the
  // machine.
  client._openPlatformEndpoint = run.endpoint;
  return client;
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
