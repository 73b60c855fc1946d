package io.cordon.sandbox.windows.plan;

import io.cordon.sandbox.windows.security.SecurityDescriptor;
import java.nio.file.Path;

/**
 * What is known of a file or directory.
 *
 * @param path its final path: links, 8.3 names and case resolved
 * @param id its identity
 * @param directory whether it is a directory
 * @param reparsePoint whether it is a junction or symbolic link; such an object stands for itself here, not for what it
 * leads to
 * @param descriptor its security descriptor
 * @param labelWritable whether the user may change its label: WRITE_OWNER, or WRITE_DAC to grant himself that for the
 * moment
 * @param daclWritable whether the user may change its DACL
 * @param childrenNeedDeleteChild for a directory: whether something in it, or something made in it later, can be
 * deleted by the user only through FILE_DELETE_CHILD
 */
public record ObjectFacts(
        Path path,
        FileId id,
        boolean directory,
        boolean reparsePoint,
        SecurityDescriptor descriptor,
        boolean labelWritable,
        boolean daclWritable,
        boolean childrenNeedDeleteChild) {}
