/**
 * Windows security descriptors as values: SIDs, access masks, ACEs, ACLs, labels, SDDL and the self-relative binary
 * form.
 *
 * <p>Pure Java, no native call: everything here runs, and is tested, on any operating system. All types are immutable
 * and safe for use by many threads. Malformed input is a {@link
 * io.cordon.sandbox.windows.security.SecurityFormatException} with its position.
 */
@NullMarked
package io.cordon.sandbox.windows.security;

import org.jspecify.annotations.NullMarked;
