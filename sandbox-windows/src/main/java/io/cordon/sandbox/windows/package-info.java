/** The Windows backend. Its only type for callers is the backend itself, which {@link java.util.ServiceLoader} finds. */
@NullMarked
package io.cordon.sandbox.windows;

import org.jspecify.annotations.NullMarked;
