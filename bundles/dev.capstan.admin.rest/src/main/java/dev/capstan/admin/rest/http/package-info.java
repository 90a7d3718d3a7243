/** Requests and answers: methods and paths, problem documents, who may ask. */
@org.jspecify.annotations.NullMarked
package dev.capstan.admin.rest.http;
