// Runs the cases of ../cases.json with the official Java SDK, and prints one JSON object a line.
//
// Usage: java -cp "CLASSES:JARS/*" Driver RUN.json, a file that the runner writes: where the emulator is,
// its keys, the cases, and the kind of signature.

import com.aliyun.imagesearch20201214.Client;
import com.aliyun.tea.NameInMap;
import com.aliyun.tea.TeaException;
import com.aliyun.tea.TeaModel;
import com.aliyun.teaopenapi.models.Config;
import com.aliyun.teaopenapi.models.OpenApiRequest;
import com.aliyun.teaopenapi.models.Params;
import com.aliyun.teautil.models.RuntimeOptions;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.ToNumberPolicy;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

@SuppressWarnings("unchecked")
public class Driver {
    private static final String MODELS = "com.aliyun.imagesearch20201214.models.";
    private static final String VERSION = "2020-12-14";
    private static final int POLLS = 200;
    private static final Gson GSON =
            new GsonBuilder().setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE).create();

    private final Map<String, Object> run;
    private final Map<String, Object> saved = new HashMap<>();

    private Driver(Map<String, Object> run) {
        this.run = run;
    }

    public static void main(String[] arguments) throws Exception {
        Map<String, Object> run = GSON.fromJson(Files.readString(Path.of(arguments[0])), Map.class);
        trust(Path.of((String) run.get("ca_file")));
        Map<String, Object> known = new TreeMap<>();
        for (String operation : operations()) {
            known.put(operation, knownOf(operation));
        }
        say(Map.of("known", known));
        Driver driver = new Driver(run);
        for (Object each : (List<Object>) run.get("cases")) {
            Map<String, Object> spec = (Map<String, Object>) each;
            say(driver.outcome(spec));
        }
        // The SDK leaves threads of its connections running.
        System.exit(0);
    }

    private static void say(Object line) {
        System.out.println(GSON.toJson(line));
    }

    /** Makes the authority of the emulator the only one that is trusted in this process. */
    private static void trust(Path authority) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream pem = Files.newInputStream(authority)) {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            store.setCertificateEntry("emulator", factory.generateCertificate(pem));
        }
        Path file = Files.createTempFile("trust", ".p12");
        file.toFile().deleteOnExit();
        try (var out = Files.newOutputStream(file)) {
            store.store(out, "trusted".toCharArray());
        }
        System.setProperty("javax.net.ssl.trustStore", file.toString());
        System.setProperty("javax.net.ssl.trustStorePassword", "trusted");
        System.setProperty("javax.net.ssl.trustStoreType", "PKCS12");
    }

    /** Lists the operations that the client has a method for. */
    private static TreeSet<String> operations() {
        TreeSet<String> names = new TreeSet<>();
        for (Method method : Client.class.getDeclaredMethods()) {
            if (method.getName().endsWith("WithOptions")) {
                String name = method.getName().replace("WithOptions", "");
                names.add(Character.toUpperCase(name.charAt(0)) + name.substring(1));
            }
        }
        return names;
    }

    /** Lists the parameters and the fields of the answer that the SDK has for an operation. */
    private static Map<String, Object> knownOf(String operation) throws Exception {
        TreeSet<String> parameters = new TreeSet<>();
        walk(Class.forName(MODELS + operation + "Request"), "", parameters);
        try {
            walk(Class.forName(MODELS + operation + "AdvanceRequest"), "", parameters);
        } catch (ClassNotFoundException none) {
            // Most operations have no pictures to upload.
        }
        TreeSet<String> fields = new TreeSet<>();
        walk(Class.forName(MODELS + operation + "ResponseBody"), "", fields);
        return Map.of("parameters", parameters, "fields", fields);
    }

    private static void walk(Class<?> model, String prefix, TreeSet<String> names) {
        for (Field field : model.getFields()) {
            NameInMap wire = field.getAnnotation(NameInMap.class);
            if (wire == null) {
                continue;
            }
            Type type = field.getGenericType();
            String separator = ".";
            if (type instanceof ParameterizedType list) {
                type = list.getActualTypeArguments()[0];
                separator = "[].";
            }
            if (type instanceof Class<?> inner && TeaModel.class.isAssignableFrom(inner)) {
                walk(inner, prefix + wire.value() + separator, names);
            } else {
                names.add(prefix + wire.value());
            }
        }
    }

    private Map<String, Object> outcome(Map<String, Object> spec) throws Exception {
        Map<String, Object> line = new HashMap<>();
        line.put("case", spec.get("name"));
        boolean generic = !knows(spec);
        if (generic && isAdvance(spec)) {
            // The SDK's generic call uploads nothing.
            line.put("not_run", true);
            return line;
        }
        line.put("generic", generic);
        try {
            Map<String, Object> body = call(spec);
            TreeSet<String> fields = new TreeSet<>();
            paths(body, "", fields);
            line.put("fields", fields);
            line.put("body", body);
        } catch (TeaException refusal) {
            Map<String, Object> error = new HashMap<>();
            error.put("code", refusal.getCode());
            error.put("status", refusal.getStatusCode());
            error.put("message", refusal.getMessage());
            line.put("error", error);
        } catch (Exception failure) {
            line.put("error", Map.of("message", failure.toString()));
        }
        return line;
    }

    /** Tells whether the SDK has a method for a case, with all parameters that the case gives. */
    private static boolean knows(Map<String, Object> spec) {
        TreeSet<String> names = new TreeSet<>();
        try {
            walk(modelOf(spec), "", names);
        } catch (ClassNotFoundException none) {
            return false;
        }
        return names.containsAll(((Map<String, Object>) spec.get("parameters")).keySet());
    }

    private static Class<?> modelOf(Map<String, Object> spec) throws ClassNotFoundException {
        return Class.forName(MODELS + spec.get("operation") + (isAdvance(spec) ? "AdvanceRequest" : "Request"));
    }

    private static boolean isAdvance(Map<String, Object> spec) {
        return Boolean.TRUE.equals(spec.get("advance"));
    }

    private static void paths(Object value, String prefix, TreeSet<String> fields) {
        if (value instanceof Map<?, ?> map) {
            map.forEach(
                    (name, inner) ->
                            paths(inner, prefix.isEmpty() ? "" + name : prefix + "." + name, fields));
        } else if (value instanceof List<?> list) {
            list.forEach(inner -> paths(inner, prefix + "[]", fields));
        } else if (value != null) {
            // A list of plain values is one field.
            fields.add(prefix.endsWith("[]") ? prefix.substring(0, prefix.length() - 2) : prefix);
        }
    }

    /** Calls once, or until a field has the value that the case waits for. */
    private Map<String, Object> call(Map<String, Object> spec) throws Exception {
        Map<String, Object> until = (Map<String, Object>) spec.get("until");
        for (int count = 0; count < POLLS; count++) {
            Map<String, Object> body = callOnce(spec);
            if (until == null || until.get("is").equals(at(body, (String) until.get("path")))) {
                Map<String, String> save = (Map<String, String>) spec.getOrDefault("save", Map.of());
                save.forEach((name, place) -> saved.put(name, at(body, place)));
                return body;
            }
            Thread.sleep(50);
        }
        throw new IllegalStateException(until + " did not come true");
    }

    private static Object at(Object value, String place) {
        for (String part : place.split("\\.")) {
            if (value instanceof List<?> list) {
                int index = Integer.parseInt(part);
                value = index < list.size() ? list.get(index) : null;
            } else if (value instanceof Map<?, ?> map) {
                value = map.get(part);
            }
        }
        return value;
    }

    private Map<String, Object> callOnce(Map<String, Object> spec) throws Exception {
        RuntimeOptions runtime = new RuntimeOptions();
        runtime.readTimeout = 30000;
        runtime.connectTimeout = 5000;
        Client client = clientFor(spec);
        return knows(spec) ? callTyped(client, spec, runtime) : callGeneric(client, spec, runtime);
    }

    /** Uses the SDK's method for the operation. */
    private Map<String, Object> callTyped(Client client, Map<String, Object> spec, RuntimeOptions runtime)
            throws Exception {
        Class<?> model = modelOf(spec);
        Object request = model.getDeclaredConstructor().newInstance();
        Map<String, Object> parameters = (Map<String, Object>) spec.get("parameters");
        for (Field field : model.getFields()) {
            NameInMap wire = field.getAnnotation(NameInMap.class);
            if (wire != null && parameters.containsKey(wire.value())) {
                field.set(request, converted(given(parameters.get(wire.value())), field.getType()));
            }
        }
        String operation = (String) spec.get("operation");
        String name = Character.toLowerCase(operation.charAt(0)) + operation.substring(1);
        name += isAdvance(spec) ? "Advance" : "WithOptions";
        Method method = Client.class.getMethod(name, model, RuntimeOptions.class);
        try {
            TeaModel response = (TeaModel) method.invoke(client, request, runtime);
            return (Map<String, Object>) response.toMap().get("body");
        } catch (InvocationTargetException wrapped) {
            throw wrapped.getCause() instanceof Exception cause ? cause : wrapped;
        }
    }

    /** Calls what this release of the SDK has no method or parameter for, as its users would. */
    private Map<String, Object> callGeneric(Client client, Map<String, Object> spec, RuntimeOptions runtime)
            throws Exception {
        List<String> inQuery = (List<String>) spec.get("in_query");
        Map<String, Object> query = new HashMap<>();
        Map<String, Object> form = new HashMap<>();
        for (var parameter : ((Map<String, Object>) spec.get("parameters")).entrySet()) {
            String name = parameter.getKey();
            (inQuery.contains(name) ? query : form).put(name, given(parameter.getValue()));
        }
        Params params = new Params()
                .setAction((String) spec.get("operation"))
                .setVersion(VERSION)
                .setProtocol("HTTPS")
                .setPathname("/")
                .setMethod("POST")
                .setAuthType("AK")
                .setStyle("RPC")
                .setReqBodyType("formData")
                .setBodyType("json");
        OpenApiRequest request = new OpenApiRequest()
                .setQuery(com.aliyun.openapiutil.Client.query(query))
                .setBody(form);
        Map<String, ?> answer = client.callApi(params, request, runtime);
        return (Map<String, Object>) answer.get("body");
    }

    /** Turns what stands for a picture, or for what was saved, into it. */
    private Object given(Object value) throws Exception {
        if (!(value instanceof Map<?, ?> special)) {
            return value;
        }
        if (special.containsKey("saved")) {
            return saved.get(special.get("saved"));
        }
        Path file = Path.of((String) run.get("pictures"), (String) special.get("picture"));
        byte[] content = Files.readAllBytes(file);
        return "stream".equals(special.get("as"))
                ? new ByteArrayInputStream(content)
                : Base64.getEncoder().encodeToString(content);
    }

    private static Object converted(Object value, Class<?> type) {
        if (value instanceof InputStream) {
            return value;
        }
        // Boxed types do not convert into one another, but their texts do.
        return type == String.class ? "" + value : GSON.fromJson("" + value, type);
    }

    private Client clientFor(Map<String, Object> spec) throws Exception {
        Map<String, Object> keys = (Map<String, Object>) run.get("keys");
        Map<String, String> key = (Map<String, String>) keys.get(spec.get("key"));
        Config config = new Config();
        config.accessKeyId = key.get("id");
        config.accessKeySecret = key.get("secret");
        config.securityToken = key.get("token");
        config.endpoint = (String) run.get("endpoint");
        config.protocol = (String) run.get("protocol");
        config.regionId = "cn-shanghai";
        config.signatureAlgorithm = "HMAC-SHA1".equals(run.get("signature")) ? "v2" : null;
        Client client = new Client(config);
        // Without this line, uploads leave the machine.
        client._openPlatformEndpoint = config.endpoint;
        return client;
    }
}
