/** Pure readers of header fields. What does not parse is told from what is not there. */
@org.jspecify.annotations.NullMarked
package dev.capstan.transfer.http.field;
