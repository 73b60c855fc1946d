/** The Linux backend: Landlock and seccomp on the thread that starts the child, without external programs. */
@NullMarked
package io.cordon.sandbox.linux;

import org.jspecify.annotations.NullMarked;
