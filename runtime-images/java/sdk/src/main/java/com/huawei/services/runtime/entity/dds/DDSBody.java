package com.huawei.services.runtime.entity.dds;

import com.huawei.services.runtime.entity.Entity;

/** A changed document. */
public class DDSBody extends Entity {
  private String full_document;
  private String ns;
  private String size_bytes;
  private String token;

  /** The document as JSON. */
  public String getFullDocument() {
    return full_document;
  }

  public void setFullDocument(String fullDocument) {
    this.full_document = fullDocument;
  }

  /** Database and collection as JSON. */
  public String getNs() {
    return ns;
  }

  public void setNs(String ns) {
    this.ns = ns;
  }

  /** Size of the document. */
  public String getSizeBytes() {
    return size_bytes;
  }

  public void setSizeBytes(String sizeBytes) {
    this.size_bytes = sizeBytes;
  }

  /** Position in the database's changes, as JSON. */
  public String getToken() {
    return token;
  }

  public void setToken(String token) {
    this.token = token;
  }
}
