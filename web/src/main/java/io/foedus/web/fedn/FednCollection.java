package io.foedus.web.fedn;

import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import io.foedus.controller.refusals.Refusal;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** The five calls that every collection of FEDn's API answers, over the documents of a subclass. */
public abstract class FednCollection extends FednPlace {
    /** Most entries of a collection that are looked at, the newest; FEDn's own API reads them all. */
    private static final int MOST = 10_000;

    @Context
    HttpHeaders headers;

    @Context
    UriInfo uri;

    /** Everything that the query may match; conditions, order and page are applied afterwards. */
    abstract List<Document> documents(ListQuery query);

    /** Name of the member that identifies an entry. */
    abstract String key();

    @GET
    public JsonObject list() {
        return answer(parameters());
    }

    @GET
    @Path("count")
    public JsonValue count() {
        return count(parameters());
    }

    @POST
    @Path("list")
    @Consumes(MediaType.APPLICATION_JSON)
    public JsonObject list(JsonObject body) {
        return answer(members(body));
    }

    @POST
    @Path("list")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public JsonObject list(MultivaluedMap<String, String> form) {
        return answer(flat(form));
    }

    @POST
    @Path("count")
    @Consumes(MediaType.APPLICATION_JSON)
    public JsonValue count(JsonObject body) {
        return count(members(body));
    }

    @POST
    @Path("count")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public JsonValue count(MultivaluedMap<String, String> form) {
        return count(flat(form));
    }

    @GET
    @Path("{id}")
    public JsonObject get(@PathParam("id") String id) {
        return require(id).json();
    }

    /** The entry with this id, or 404. */
    Document require(String id) {
        return find(id).orElseThrow(() -> FednErrors.unknown(id));
    }

    /** The entry with this id; collections whose rows have a key read just that one. */
    Optional<Document> find(String id) {
        return documents(ListQuery.of(headers, Map.of(key(), id))).stream()
                .filter(document -> id.equals(String.valueOf(document.at(key()))))
                .findFirst();
    }

    /** What {@code reader} has by this id of ours; empty for what is none, and for what it does not know. */
    static <T> Optional<T> known(String id, Function<UUID, T> reader) {
        if (!Ids.isOne(id)) {
            return Optional.empty();
        }
        try {
            return Optional.of(reader.apply(UUID.fromString(id)));
        } catch (Refusal refusal) {
            if (refusal.kind() != Refusal.Kind.UNKNOWN) {
                throw refusal;
            }
            return Optional.empty();
        }
    }

    private List<Document> candidates(ListQuery query) {
        String id = query.id(key());
        return id == null ? documents(query) : find(id).stream().toList();
    }

    /** All rows of a list, page by page, up to {@link #MOST}. */
    static <T> List<T> all(Query first, Function<Query, Page<T>> list) {
        List<T> rows = new ArrayList<>();
        Page<T> page;
        do {
            page = list.apply(new Query(rows.size(), Query.MOST, first.sort(), first.descending(), first.filters()));
            rows.addAll(page.items());
        } while (page.next() != null && rows.size() < MOST);
        return rows;
    }

    static <T> List<T> all(Function<Query, Page<T>> list) {
        return all(Query.first(Query.MOST), list);
    }

    private JsonObject answer(Map<String, String> parameters) {
        ListQuery query = ListQuery.of(headers, parameters);
        return query.answer(candidates(query));
    }

    private JsonValue count(Map<String, String> parameters) {
        ListQuery query = ListQuery.of(headers, parameters);
        return Json.createValue(query.matching(candidates(query)).size());
    }

    Map<String, String> parameters() {
        return flat(uri.getQueryParameters());
    }

    private static Map<String, String> flat(MultivaluedMap<String, String> many) {
        Map<String, String> one = new LinkedHashMap<>();
        many.forEach((name, values) -> one.put(name, String.join(",", values)));
        return one;
    }

    private static Map<String, String> members(JsonObject body) {
        Map<String, String> text = new LinkedHashMap<>();
        if (body != null) {
            body.forEach((name, value) ->
                    text.put(name, value instanceof JsonString string ? string.getString() : value.toString()));
        }
        return text;
    }
}
