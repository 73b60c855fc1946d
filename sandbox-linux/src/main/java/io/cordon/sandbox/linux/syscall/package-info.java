/** System calls: JNA declarations with C names, and the checked layer over them. Nothing else touches JNA. */
@NullMarked
package io.cordon.sandbox.linux.syscall;

import org.jspecify.annotations.NullMarked;
