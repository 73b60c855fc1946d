package io.cordon.sandbox.windows.edit;

import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.security.SecurityDescriptor;

/**
 * A change of one object, recorded before it is made.
 *
 * @param object the object
 * @param path where it was, without {@code \\?\} in front
 * @param change the change
 * @param before access list, label and control flags that it had
 */
public record EditRecord(FileId object, String path, Change change, SecurityDescriptor before) {}
