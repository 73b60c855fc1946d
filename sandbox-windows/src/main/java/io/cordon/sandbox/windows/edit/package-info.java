/** Looks at the objects of a plan, changes their labels and access lists, and takes the changes back. */
@NullMarked
package io.cordon.sandbox.windows.edit;

import org.jspecify.annotations.NullMarked;
