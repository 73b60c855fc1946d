package io.cordon.sandbox.windows.facts;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.plan.ObjectFacts;
import java.util.ArrayList;
import java.util.List;

/** Names of files with several, of which some can turn out to be denied for reading by another one. */
final class LinkedNames {
    private record Name(FileId file, ObjectFacts facts) {}

    private final List<Name> names = new ArrayList<>();

    void add(FileId file, ObjectFacts facts) {
        names.add(new Name(file, facts));
    }

    /** Those that are denied, once every place that is denied for reading was gone through. */
    ImmutableList<ObjectFacts> denied(LinkedFiles links) {
        return names.stream()
                .filter(name -> links.isDenied(name.file))
                .map(Name::facts)
                .collect(ImmutableList.toImmutableList());
    }
}
