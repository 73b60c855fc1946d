/**
 * The checked layer above the Windows API: Java types in, {@link io.cordon.sandbox.windows.win32.WindowsFailure} out.
 * Nothing outside of this package touches JNA, and only here do names follow the C headers.
 */
@NullMarked
package io.cordon.sandbox.windows.win32;

import org.jspecify.annotations.NullMarked;
