/** One transfer: what to ask for, what to make of the answers, who fetches what. */
@org.jspecify.annotations.NullMarked
package dev.capstan.transfer.http.move;
