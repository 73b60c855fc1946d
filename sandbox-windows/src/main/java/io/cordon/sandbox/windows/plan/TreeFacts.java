package io.cordon.sandbox.windows.plan;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is known of everything beneath a root, a carve-out or a path denied for reading.
 *
 * @param stamp what the library recorded when it last went through the whole tree, see {@link WindowsPlan#stamps()}
 * @param hardLinks files beneath a root with a name outside of what is writable
 * @param unprotectable what the user may not relabel although the child could write it (carve-outs) or read it (paths
 * denied for reading)
 * @param sharedWritable whether something in a root can be written through Everyone or the logon SID, or has no DACL
 * @param passesOnNothing whether a directory in a root passes nothing on to new files or directories, so that these get
 * the token's default DACL; one inheritable entry more would take that from them
 * @param needsDeleteChild whether something in a root can be deleted by the user only through FILE_DELETE_CHILD
 */
public record TreeFacts(
        Optional<String> stamp,
        ImmutableList<ObjectFacts> hardLinks,
        ImmutableList<Path> unprotectable,
        boolean sharedWritable,
        boolean passesOnNothing,
        boolean needsDeleteChild) {
    /** An empty or unremarkable tree that was never gone through. */
    public static final TreeFacts PLAIN =
            new TreeFacts(Optional.empty(), ImmutableList.of(), ImmutableList.of(), false, false, false);
}
