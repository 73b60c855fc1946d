/**
 * What a backend implements. A backend is found by {@link java.util.ServiceLoader}; it needs nothing of core but its
 * exported packages.
 */
@NullMarked
package io.cordon.sandbox.spi;

import org.jspecify.annotations.NullMarked;
